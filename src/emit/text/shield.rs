//! The shield: the same in every project, byte for byte the crate in `templates/shield`.

use crate::emit::{Emitted, Files, Owner};

macro_rules! table {
    ($($path:literal,)*) => {
        &[$((
            concat!("shield/", $path),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/shield/", $path)),
        ),)*]
    };
}

/// Every file of the crate, without its own tests; a test holds the list against the folder.
const FILES: &[(&str, &str)] = table![
    "Cargo.toml",
    "src/admin.rs",
    "src/admin/client.rs",
    "src/admin/server.rs",
    "src/auth/algorithm.rs",
    "src/auth/api_keys.rs",
    "src/auth/claims.rs",
    "src/auth/curve.rs",
    "src/auth/der.rs",
    "src/auth/jwk.rs",
    "src/auth/jws.rs",
    "src/auth/keys.rs",
    "src/auth/known.rs",
    "src/auth/mod.rs",
    "src/auth/pem.rs",
    "src/auth/rsa.rs",
    "src/auth/shared.rs",
    "src/auth/source.rs",
    "src/auth/tests.rs",
    "src/auth/tests/api_keys.rs",
    "src/auth/tests/claims.rs",
    "src/auth/tests/header.rs",
    "src/auth/tests/keys.rs",
    "src/auth/tests/signature.rs",
    "src/auth/tests/times.rs",
    "src/auth/tests/vectors.rs",
    "src/auth/vectors.rs",
    "src/auth/verifier.rs",
    "src/basic.rs",
    "src/clock.rs",
    "src/config.rs",
    "src/config/admin.rs",
    "src/config/keys.rs",
    "src/config/names.rs",
    "src/config/origins.rs",
    "src/config/store.rs",
    "src/config/tests.rs",
    "src/config/tests/keys.rs",
    "src/config/tests/origins.rs",
    "src/config/tls.rs",
    "src/config/tls/pair.rs",
    "src/config/vault.rs",
    "src/cors.rs",
    "src/decide.rs",
    "src/declare.rs",
    "src/declare/erase.rs",
    "src/declare/handler.rs",
    "src/declare/reply.rs",
    "src/declare/request.rs",
    "src/declare/resource.rs",
    "src/declare/tests.rs",
    "src/declare/tests/unions.rs",
    "src/declare/union.rs",
    "src/declare/words.rs",
    "src/dev.rs",
    "src/dev/api_key.rs",
    "src/dev/certificate.rs",
    "src/dev/file.rs",
    "src/dev/pair.rs",
    "src/dev/pem.rs",
    "src/dev/signer.rs",
    "src/dev/tests.rs",
    "src/dev/token.rs",
    "src/door.rs",
    "src/enter.rs",
    "src/enter/ask.rs",
    "src/enter/credentials.rs",
    "src/enter/credentials/several.rs",
    "src/enter/fresh.rs",
    "src/enter/media.rs",
    "src/enter/revocation.rs",
    "src/events.rs",
    "src/events/line.rs",
    "src/events/phrases.rs",
    "src/events/sink.rs",
    "src/exchange.rs",
    "src/file.rs",
    "src/finish.rs",
    "src/finish/answer.rs",
    "src/finish/report.rs",
    "src/form.rs",
    "src/form/tests.rs",
    "src/given.rs",
    "src/grants.rs",
    "src/headers.rs",
    "src/ingress.rs",
    "src/input.rs",
    "src/input/percent.rs",
    "src/input/tests.rs",
    "src/input/written.rs",
    "src/issue.rs",
    "src/issue/claims.rs",
    "src/issue/flows.rs",
    "src/issue/password.rs",
    "src/issue/refresh.rs",
    "src/issue/signing.rs",
    "src/json/admit.rs",
    "src/json/again.rs",
    "src/json/ahead.rs",
    "src/json/canonical.rs",
    "src/json/cases.rs",
    "src/json/decimal.rs",
    "src/json/differential.rs",
    "src/json/mod.rs",
    "src/json/number.rs",
    "src/json/plain.rs",
    "src/json/put.rs",
    "src/json/reader.rs",
    "src/json/scan.rs",
    "src/json/take.rs",
    "src/json/tree.rs",
    "src/json/value.rs",
    "src/json/writer.rs",
    "src/jwks.rs",
    "src/jwks/address.rs",
    "src/jwks/fetch.rs",
    "src/jwks/tests.rs",
    "src/lib.rs",
    "src/multipart.rs",
    "src/multipart/tests.rs",
    "src/no_tls.rs",
    "src/number.rs",
    "src/octets.rs",
    "src/patience.rs",
    "src/plain.rs",
    "src/problem.rs",
    "src/quota.rs",
    "src/quota/key.rs",
    "src/quota/table.rs",
    "src/quota/tests.rs",
    "src/refusal.rs",
    "src/reply.rs",
    "src/routes.rs",
    "src/run.rs",
    "src/run/arguments.rs",
    "src/run/help.rs",
    "src/run/orders.rs",
    "src/run/tokens.rs",
    "src/say.rs",
    "src/schema/address.rs",
    "src/schema/agreement.rs",
    "src/schema/binary.rs",
    "src/schema/explain.rs",
    "src/schema/explain/tests.rs",
    "src/schema/format.rs",
    "src/schema/mod.rs",
    "src/schema/real.rs",
    "src/schema/table.rs",
    "src/schema/text.rs",
    "src/schema/union.rs",
    "src/schema/violation.rs",
    "src/schema/whole.rs",
    "src/secret.rs",
    "src/serve.rs",
    "src/shield.rs",
    "src/spec.rs",
    "src/spec/policy.rs",
    "src/stamp.rs",
    "src/store/folder.rs",
    "src/store/log.rs",
    "src/store/memory.rs",
    "src/store/mod.rs",
    "src/store/record.rs",
    "src/store/state.rs",
    "src/store/tests.rs",
    "src/store/tests/damage.rs",
    "src/stream.rs",
    "src/testing.rs",
    "src/testing/dialer.rs",
    "src/testing/dialer/inside.rs",
    "src/tls.rs",
    "src/tls/acceptor.rs",
    "src/tls/certificate.rs",
    "src/tls/clients.rs",
    "src/tls/pair.rs",
    "src/tls/watched.rs",
    "src/vault.rs",
    "src/vault/tests.rs",
    "src/wire.rs",
    "src/work.rs",
];

/// `shield/`.
pub(super) fn project(files: &mut Files) {
    for (path, text) in FILES {
        let (text, owner) = ((*text).to_owned(), Owner::Palisade);
        files.insert((*path).to_owned(), Emitted { text, owner });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::FILES;
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    fn below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                below(&entry.path(), found);
            } else {
                found.push(entry.path());
            }
        }
    }

    #[test]
    fn the_table_is_the_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/shield");
        let mut found = vec![root.join("Cargo.toml")];
        below(&root.join("src"), &mut found);
        let found: BTreeSet<String> = found
            .iter()
            .map(|path| path.strip_prefix(&root).unwrap())
            .map(|path| format!("shield/{}", path.display()))
            .collect();
        let listed: BTreeSet<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(
            listed.difference(&found).collect::<Vec<_>>(),
            [""; 0],
            "not in the folder"
        );
        assert_eq!(
            found.difference(&listed).collect::<Vec<_>>(),
            [""; 0],
            "not in the table"
        );
        assert_eq!(FILES.len(), listed.len(), "listed twice");
        assert!(FILES.is_sorted(), "in order, so that a merge is easy");
    }

    #[test]
    fn it_stands_on_its_own_in_another_workspace() {
        let (_, manifest) = FILES
            .iter()
            .find(|(path, _)| path.ends_with(".toml"))
            .unwrap();
        for target in ["[[test]]", "[[bench]]", "[[example]]"] {
            assert!(
                !manifest.contains(target),
                "{target} names a file that is not emitted; let `#![cfg(feature = …)]` in the file do it"
            );
        }
        assert!(
            !manifest.contains("workspace"),
            "inherits from this workspace"
        );
        assert!(
            !manifest.contains("path ="),
            "needs a folder that is not emitted"
        );
    }
}
