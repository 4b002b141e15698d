//! One mistake a document, outside of schemas.

use super::*;

#[test]
fn versions() {
    refuses(2001, "§swagger: '2.0'\ninfo: {}\n");
    refuses(2001, "§info: {title: T, version: '1'}\n");
    refuses(2001, "openapi: §3.0\ninfo: {}\n");
    refuses(2001, "openapi: §'2.0'\n");
    refuses(2001, "openapi: §3.1.x\n");
    refuses(2001, "openapi: §4.0.0\n");
    refuses(4043, "openapi: §3.2.0\n");
    refuses(2004, "§- openapi: 3.1.0\n");
    assert!(told("swagger: '2.0'").0.contains("Swagger 2.0"));
}

#[test]
fn unknown_keys() {
    refuses(2002, &v30("§securty: []\n"));
    assert_eq!(told(&v30("securty: []\n")).1, "did you mean `security`?");
    refuses(2002, &get30("§operationID: x"));
    refuses(2002, &get30("§X-security: {access: public}"));
    assert_eq!(
        told(&get30("X-security: {}")).1,
        "did you mean `x-security`?"
    );
    refuses(2002, &paths30("  /a: {§gte: {}}\n"));
    refuses(
        2002,
        &get30("parameters: [{name: a, in: query, schema: {type: string}, §requried: true}]"),
    );
    refuses(
        2002,
        "openapi: 3.1.0\ninfo: {title: T, version: '1', contact: {§mail: x}}\n",
    );
    refuses(2002, &v30("tags: [{name: a, §descripton: b}]\n"));
}

#[test]
fn keys_of_the_other_version() {
    refuses(2003, &v30("§webhooks: {}\n"));
    refuses(2003, &v30("§jsonSchemaDialect: x\n"));
    refuses(2003, &v30("components: {§pathItems: {}}\n"));
    refuses(
        2003,
        "openapi: 3.0.3\ninfo: {title: T, version: '1', §summary: s}\npaths: {}\n",
    );
    refuses(
        2003,
        &v30("components: {securitySchemes: {m: {type: §mutualTLS}}}\n"),
    );
    assert!(told(&v30("webhooks: {}\n")).0.contains("needs OpenAPI 3.1"));
}

#[test]
fn kinds_and_missing_keys() {
    refuses(2004, "openapi: 3.1.0\ninfo: {title: T, version: §1.0}\n");
    refuses(2004, &v30("servers: §{url: /}\n"));
    refuses(2004, &get30("tags: [§1]"));
    refuses(
        2004,
        &get30("parameters: [{name: a, in: path, required: §'true', schema: {type: string}}]")
            .replace("in: path", "in: query"),
    );
    refuses(2005, "§openapi: 3.0.3\ninfo: {title: T, version: '1'}\n");
    refuses(2005, "openapi: 3.1.0\ninfo: §{title: T}\n");
    refuses(2005, &paths30("  /a:\n    get:\n      §operationId: x\n"));
    refuses(
        2005,
        &get30("requestBody: §{required: true}").replace("get:", "post:"),
    );
    refuses(
        2005,
        &paths30("  /a: {get: {responses: {'200': §{content: {}}}}}\n"),
    );
    refuses(2005, &paths30("  /a: {get: {responses: §{}}}\n"));
    refuses(2005, &get30("parameters: [§{name: a, in: query}]"));
    refuses(
        2005,
        &v30("components: {securitySchemes: {a: §{type: http}}}\n"),
    );
}

#[test]
fn extensions() {
    refuses(2006, &get30("§x-securty: {access: public}"));
    refuses(2006, &get30("§x-Security: {access: public}"));
    refuses(
        2006,
        &v30("§x-securities: {}\n").replace("x-securities", "x-securitys"),
    );
    refuses(2006, &paths30("  §x-securtiy: {}\n"));
    assert_eq!(
        told(&get30("x-securty: {}")).1,
        "did you mean `x-security`?"
    );
    refuses(
        2007,
        "openapi: 3.1.0\ninfo: {title: T, version: '1', §x-security: {}}\n",
    );
    refuses(2007, &paths30("  §x-security: {}\n"));
    refuses(
        2007,
        &paths30("  /a: {get: {responses: {'200': {description: d, §x-security: {}}}}}\n"),
    );
    refuses(
        2007,
        &v30("components: {securitySchemes: {a: {type: http, scheme: bearer, §x-security: {}}}}\n"),
    );
    accepts(&get30("x-other: {anything: [1]}"));
    accepts(&get30("x-secret: 1"));
}

#[test]
fn references() {
    let with = |reference: &str, components: &str| {
        format!(
            "{}components:\n  parameters:\n{components}",
            get30(&format!("parameters: [{{$ref: {reference}}}]"))
        )
    };
    let limit = "    limit: {name: limit, in: query, schema: {type: integer}}\n";
    accepts(&with("'#/components/parameters/limit'", limit));
    refuses(2009, &with("§'#/components/parameters/limt'", limit));
    assert_eq!(
        told(&with("'#/components/parameters/limt'", limit)).1,
        "did you mean `#/components/parameters/limit`?"
    );
    refuses(2009, &with("§'#/components/responses/limit'", limit));
    refuses(
        4001,
        &with("§'other.yaml#/components/parameters/limit'", limit),
    );
    refuses(4001, &with("§'https://example.com/limit.json'", limit));
    refuses(4002, &with("§'#/paths/~1a/get'", limit));
    refuses(
        4002,
        &with("§'#/components/parameters/limit/schema'", limit),
    );
    refuses(2004, &with("§[limit]", limit));
    refuses(
        2021,
        &with("'#/components/parameters/limit', §required: true", limit),
    );
    refuses(
        2008,
        &with("'#/components/parameters/limit', §x-security: {}", limit),
    );
    refuses(
        4003,
        &with("'#/components/parameters/limit', §x-security: {}", limit).replace("3.0.3", "3.1.0"),
    );
    // The circle is found at each of its members, and once more where it is used.
    refuses(
        2010,
        &with(
            "'#/components/parameters/a'",
            "    a: {$ref: '#/components/parameters/b'}\n    b: {$ref: §§'#/components/parameters/a'}\n",
        )
        .replace("a: {$ref: '", "a: {$ref: §'"),
    );
}

#[test]
fn parameters() {
    let with = |parameter: &str| get30(&format!("parameters: [{{{parameter}}}]"));
    refuses(2020, &with("name: a, in: §body, schema: {type: string}"));
    refuses(
        2020,
        &with("name: §Authorization, in: header, schema: {type: string}"),
    );
    refuses(
        4029,
        &with("name: a, in: query, §style: spaceDelimited, schema: {type: string}"),
    );
    refuses(
        4029,
        &with("name: a, in: query, §style: deepObject, explode: true, schema: {type: string}"),
    );
    refuses(4030, &with("name: a, in: query, §content: {}"));
    refuses(
        4031,
        &with("name: a, in: query, §allowEmptyValue: true, schema: {type: string}"),
    );
    refuses(
        4031,
        &with("name: a, in: query, §allowReserved: true, schema: {type: string}"),
    );
    accepts(&with(
        "name: a, in: query, style: form, explode: true, allowReserved: false, schema: {type: string}",
    ));
    accepts(&with("name: a, in: cookie, schema: {type: string}"));
    let a = "{name: a, in: query, schema: {type: string}}";
    refuses(
        2016,
        &get30(&format!(
            "parameters: [{a}, {}]",
            a.replace("name: a", "name: §a")
        )),
    );
    let h = "{name: X-A, in: header, schema: {type: string}}";
    refuses(
        2016,
        &get30(&format!("parameters: [{h}, {}]", h.replace("X-A", "§x-a"))),
    );
    accepts(&get30(&format!(
        "parameters: [{a}, {}]",
        a.replace("query", "header")
    )));
}

#[test]
fn path_templates() {
    let ok = "{get: {responses: {'200': {description: d}}}}";
    let x = |path: &str, name: &str, required: &str| {
        format!(
            "  {path}:\n    get:\n      parameters: [{{name: {name}, in: path, required: {required}, schema: {{type: string}}}}]\n      responses: {{'200': {{description: d}}}}\n"
        )
    };
    accepts(&paths30(&x("/a/{x}", "x", "true")));
    refuses(2015, &paths30(&x("/a", "§x", "true")));
    refuses(2015, &paths30(&x("/a/{x}", "x", "§false")));
    refuses(2015, &paths30(&format!("  §/a/{{x}}: {ok}\n")));
    refuses(
        2015,
        &paths30(
            "  /a: {parameters: [{name: §x, in: path, required: true, schema: {type: string}}]}\n",
        ),
    );
    refuses(2014, &paths30(&format!("  §a: {ok}\n")));
    refuses(2014, &paths30(&format!("  §/a/{{}}: {ok}\n")));
    refuses(2014, &paths30(&format!("  §/a/{{x: {ok}\n")));
    refuses(2014, &paths30(&format!("  §/{{x}}/{{x}}: {ok}\n")));
    refuses(2014, &paths30(&format!("  §/a/../b: {ok}\n")));
    refuses(2014, &paths30(&format!("  §/a?b: {ok}\n")));
    refuses(4039, &paths30(&format!("  §/a/{{x}}.json: {ok}\n")));
    refuses(4040, &paths30(&format!("  §/ä: {ok}\n")));
    let two = format!("{}{}", x("/a/{x}", "x", "true"), x("§/a/{y}", "y", "true"));
    refuses(2018, &paths30(&two));
    accepts(&paths30(&format!(
        "{}{}",
        x("/a/{x}", "x", "true"),
        x("/b/{y}", "y", "true")
    )));
}

#[test]
fn operations() {
    let two = "  /a:\n    get: {operationId: x, responses: {'200': {description: d}}}\n    put: {operationId: §x, responses: {'200': {description: d}}}\n";
    refuses(2017, &paths30(two));
    refuses(
        4035,
        &paths30("  /a: {§trace: {responses: {'200': {description: d}}}}\n"),
    );
    refuses(4033, &get30("§callbacks: {a: {}}"));
    refuses(4037, &get30("§servers: [{url: /}]"));
    refuses(4037, &paths30("  /a: {§servers: [{url: /}]}\n"));
    refuses(4041, &get30("§requestBody: {content: {}}"));
    refuses(4034, &v31("§webhooks: {a: {post: {}}}\n"));
    refuses(
        4036,
        &v30("servers: [{url: 'https://{h}', §variables: {h: {default: a}}}]\n"),
    );
    refuses(4036, &v30("servers: [{url: §'https://{h}'}]\n"));
    refuses(
        4019,
        &v31("jsonSchemaDialect: §'http://json-schema.org/draft-07/schema'\n"),
    );
    refuses(
        2020,
        &paths30("  /a: {get: {responses: {§'20': {description: d}}}}\n"),
    );
    refuses(
        2020,
        &paths30("  /a: {get: {responses: {§2XY: {description: d}}}}\n"),
    );
    refuses(
        4028,
        &paths30(
            "  /a: {get: {responses: {'200': {description: d, headers: {§A: {required: true, schema: {type: string}}}}}}}\n",
        ),
    );
    refuses(
        2002,
        &paths30("  /a: {get: {responses: {'200': {description: d, headers: {A: {§name: B}}}}}}\n"),
    );
    refuses(
        2007,
        &paths30(
            "  /a: {get: {responses: {'200': {description: d, headers: {A: {schema: {§x-security: {}}}}}}}}\n",
        ),
    );
    refuses(
        2020,
        &paths30("  /a: {get: {responses: {'200': {description: d, content: {§json: {}}}}}}\n"),
    );
    refuses(
        4032,
        &paths30(
            "  /a: {post: {requestBody: {content: {a/b: {§encoding: {a: {}}}}}, responses: {'200': {description: d}}}}\n",
        ),
    );
}

#[test]
fn security() {
    let schemes = "components: {securitySchemes: {bearerAuth: {type: http, scheme: bearer}}}\n";
    refuses(
        2019,
        &v30(&format!("security: [{{§bearrerAuth: []}}]\n{schemes}")),
    );
    assert_eq!(
        told(&v30(&format!("security: [{{bearrerAuth: []}}]\n{schemes}"))).1,
        "did you mean `bearerAuth`?"
    );
    refuses(
        2019,
        &format!(
            "{}{schemes}",
            get30("security: [{bearerAuth: [], §key: []}]")
        ),
    );
    refuses(2004, &v30(&format!("security: [§bearerAuth]\n{schemes}")));
    refuses(
        2004,
        &v30(&format!("security: §{{bearerAuth: []}}\n{schemes}")),
    );
    refuses(
        2004,
        &v30(&format!("security: [{{bearerAuth: §read}}]\n{schemes}")),
    );
    refuses(
        2020,
        &v30("components: {securitySchemes: {a: {type: §htp, scheme: bearer}}}\n"),
    );
    refuses(
        2020,
        &v30("components: {securitySchemes: {a: {type: apiKey, in: §body, name: k}}}\n"),
    );
    refuses(
        2011,
        &v30("components: {securitySchemes: {a: {type: http, scheme: basic, §in: header}}}\n"),
    );
    refuses(
        4038,
        &v30("components: {securitySchemes: {a: {$ref: §'#/components/securitySchemes/b'}}}\n"),
    );
    refuses(
        2020,
        &v30("components: {schemas: {§'a b': {type: string}}}\n"),
    );
}

#[test]
fn the_extension_where_nobody_reads_it() {
    refuses(
        2007,
        &v30("components: {headers: {H: {§x-security: {sensitive: secret}}}}\n"),
    );
    refuses(
        2007,
        &v30("components: {callbacks: {C: {u: {post: {§x-security: {access: denied}}}}}}\n"),
    );
    refuses(2006, &v30("components: {links: {L: {§x-securty: {}}}}\n"));
    refuses(
        2007,
        &v30(
            "components: {schemas: {S: {type: string, xml: {§x-security: {sensitive: secret}}}}}\n",
        ),
    );
    // An example is data, whatever its members are called.
    accepts(&v30(
        "components: {examples: {E: {value: {x-security: 1}}}, schemas: {S: {type: string, example: {x-security: 1}}}}\n",
    ));
}

#[test]
fn parameters_that_no_request_could_carry() {
    for name in ["'X Y'", "'X:Y'", "é", "''", "\"X\\n\""] {
        refuses(
            2020,
            &get30(&format!(
                "parameters: [{{name: §{name}, in: header, schema: {{type: string}}}}]"
            )),
        );
    }
    for name in ["''", "\"a\\tb\"", "\"a\\0\""] {
        refuses(
            2020,
            &get30(&format!(
                "parameters: [{{name: §{name}, in: query, schema: {{type: string}}}}]"
            )),
        );
    }
}
