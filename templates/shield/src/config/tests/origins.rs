//! Origins are exact (ruling 32).

use super::*;

#[test]
fn origins() {
    let cors = |credentials| Cors {
        origins: Origins::Env("APP_ORIGINS"),
        credentials,
        max_age: None,
        expose: &[],
    };
    let read = |text: &str, credentials| {
        production(&[("APP_ORIGINS", text)])
            .unwrap()
            .origins(&cors(credentials))
    };
    assert_eq!(
        read(
            " https://a.example.com , http://localhost:3000,https://[2001:db8::1]:8443",
            true
        )
        .unwrap(),
        [
            "https://a.example.com",
            "http://localhost:3000",
            "https://[2001:db8::1]:8443"
        ]
    );
    assert_eq!(read("", true).unwrap(), Vec::<String>::new());
    assert_eq!(read("*", false).unwrap(), ["*"]);
    assert!(refusal(read("*", true), "APP_ORIGINS", "*").contains("credentials"));
    assert!(
        refusal(read("https://a.example.com,*", true), "APP_ORIGINS", "").contains("credentials")
    );
    refusal(
        read("https://a.example.com,*", false),
        "APP_ORIGINS",
        "https://a.example.com,*",
    );
    for wrong in [
        "https://a.example.com/",
        "https://a.example.com/path",
        "https://A.example.com",
        "HTTPS://a.example.com",
        "a.example.com",
        "//a.example.com",
        "ftp://a.example.com",
        "https://",
        "https://*.example.com",
        "https://a.example.com:443",
        "http://a.example.com:80",
        "https://a.example.com:",
        "https://a.example.com:0",
        "https://a.example.com:08443",
        "https://a.example.com:99999",
        "https://user@a.example.com",
        "https://a..example.com",
        "https://-a.example.com",
        "https://a.example.com,,https://b.example.com",
        "https://[2001:DB8::1]",
        "https://[::1]x",
        "https://a example.com",
        "null",
        "https://bücher.example",
    ] {
        refusal(read(wrong, false), "APP_ORIGINS", wrong);
    }
    assert!(
        refusal(
            production(&[]).unwrap().origins(&cors(false)),
            "APP_ORIGINS",
            ""
        )
        .contains("not set")
    );
    let local = development(&[]).unwrap().origins(&cors(true)).unwrap();
    assert!(local.contains(&"http://localhost:3000".to_owned()));
    let literal = Cors {
        origins: Origins::List(&["https://a.example.com/"]),
        credentials: false,
        max_age: None,
        expose: &[],
    };
    refusal(
        production(&[]).unwrap().origins(&literal),
        "cors.origins",
        "https://a.example.com/",
    );
}
