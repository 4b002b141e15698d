//! `cors`: which pages of other origins may read answers.

use super::super::gaps;
use super::Value::{Either, Flag, Gap, List, Syntax as Form};
use super::syntax::{ENVIRONMENT, FIELD_NAME, ORIGIN, SECONDS_OR_NONE};
use super::{Mapping, core};

pub static CORS: Mapping = Mapping {
    what: "`cors`",
    name: "cors",
    meaning: "Which pages of other origins may read answers in a browser.",
    filled: false,
    keys: &[
        core(
            "origins",
            Either(&[
                List(&Form(&ORIGIN)),
                Form(&ENVIRONMENT),
                Gap(&gaps::CORS_FILE, "`file:PATH`"),
            ]),
            "The origins, exactly as a browser sends them: lower case, no default port, no path. `*` stands alone and without `credentials`. A variable holds them with commas between.",
        )
        .required(),
        core(
            "credentials",
            Flag,
            "Whether browsers send cookies and credentials along.",
        )
        .or("false"),
        core(
            "maxAge",
            Form(&SECONDS_OR_NONE),
            "How long a browser may remember the answer to a preflight.",
        )
        .else_("the browser decides"),
        core(
            "expose",
            List(&Form(&FIELD_NAME)),
            "Header fields that a page may read beside the usual ones.",
        )
        .else_("none"),
    ],
};
