//! Paths, locks and links that somebody laid out to lead palisade astray.

use super::*;

#[test]
fn paths_that_leave_the_folder_are_refused() {
    for path in [
        "../x",
        "/x",
        "a/../../x",
        "a//b",
        "",
        "a/./b",
        "a\\b",
        "C:x",
        "nul",
        "a/con.rs",
        "x.",
        "a\nb",
        ".palisade-1/x",
        "PALISADE.LOCK",
    ] {
        let dir = TempDir::new().unwrap();
        let target = dir.path().join("deep/er");
        let files = files(&[(path, "x", Owner::Palisade)]);
        assert!(
            matches!(
                write(&target, &files, &about(), true),
                Err(ProjectError::BadPath { .. })
            ),
            "{path:?}"
        );
        assert_eq!(top(&dir), [""; 0], "{path:?}");
    }
    let twice = files(&[
        ("a/B.rs", "", Owner::Palisade),
        ("a/b.rs", "", Owner::Person),
    ]);
    let dir = TempDir::new().unwrap();
    assert!(matches!(
        write(dir.path(), &twice, &about(), false),
        Err(ProjectError::BadPath { .. })
    ));
}

#[test]
fn a_lock_cannot_make_palisade_remove_what_it_did_not_write() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    set(&dir, "notes.txt", "mine\n");
    let hash = lock::sha256(b"something else");
    let edited = format!("{}  \"notes.txt\": \"{hash}\"\n", text(&dir, LOCK));
    set(&dir, LOCK, &edited);
    assert!(matches!(
        write(dir.path(), &first(), &about(), false),
        Err(ProjectError::Edited { .. })
    ));
    assert_eq!(text(&dir, "notes.txt"), "mine\n");
}

#[test]
fn the_document_is_never_written_over() {
    let dir = TempDir::new().unwrap();
    set(&dir, "api/src/lib.rs", "openapi: 3.0.3\n");
    let mut about = about();
    about.sources = vec![dir.path().join("api/../api/src/lib.rs")];
    assert!(matches!(
        write(dir.path(), &first(), &about, true),
        Err(ProjectError::OverDocument { .. })
    ));
    assert_eq!(text(&dir, "api/src/lib.rs"), "openapi: 3.0.3\n");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_not_followed() {
        for (link, target_is_folder) in [
            ("api", true),
            ("api/src", true),
            ("api/src/lib.rs", false),
            ("service/src/handlers", true),
            (LOCK, false),
        ] {
            let (dir, outside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
            put(&dir, &files(&[("x/y.rs", "", Owner::Palisade)]));
            let (from, to) = (dir.path().join(link), outside.path().join("to"));
            fs::create_dir_all(from.parent().unwrap()).unwrap();
            if target_is_folder {
                fs::create_dir_all(&to).unwrap();
            } else {
                fs::write(&to, "one\ntwo\n").unwrap();
            }
            if link == LOCK {
                fs::remove_file(&from).unwrap();
            }
            symlink(&to, &from).unwrap();
            let result = write(dir.path(), &first(), &about(), true);
            assert!(
                matches!(result, Err(ProjectError::Link { .. })),
                "{link}: {result:?}"
            );
            if target_is_folder {
                assert_eq!(fs::read_dir(&to).unwrap().count(), 0, "{link}");
            }
        }
    }

    #[test]
    fn two_at_a_time_are_one_too_many() {
        let dir = TempDir::new().unwrap();
        let only = staging::Only::in_folder(dir.path()).unwrap();
        assert!(matches!(
            write(dir.path(), &first(), &about(), false),
            Err(ProjectError::Busy { .. })
        ));
        drop(only);
        put(&dir, &first());
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_is_left_as_it_was() {
        use std::os::unix::fs::PermissionsExt;
        let dir = TempDir::new().unwrap();
        put(&dir, &first());
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
        let result = write(dir.path(), &second(), &about(), false);
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // Whoever may write everywhere has written.
        if result.is_err() {
            assert_eq!(changed(&dir, &first()), []);
        }
    }

    #[test]
    fn the_folder_itself_may_be_a_link() {
        let (dir, real) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let link = dir.path().join("project");
        symlink(real.path(), &link).unwrap();
        write(&link, &first(), &about(), false).unwrap();
        assert!(real.path().join(LOCK).exists());
    }
}
