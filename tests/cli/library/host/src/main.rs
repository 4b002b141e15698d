//! An axum program with a route of its own, and guards mounted in it. It asks itself what they let through.

mod handlers;

use axum::{Router, routing::get};
use shield::config::Config;
use shield::{Shield, dev::Signer};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// What the handlers share.
pub struct App;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let signer = Signer::generate_named("EdDSA", "host")?;
    let settings = [
        ("NOTES_KEYS", signer.key_text()),
        ("APP_STORE", "memory".to_owned()),
        ("APP_INSTANCES", "1".to_owned()),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value));
    let shield = Shield::start(&api::SPEC, Config::from_map(BTreeMap::from(settings))?)?;
    let routes = Router::new()
        .route("/mine", get(|| async { "mine" }))
        .merge(api::router(shield.clone(), App));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let routes = routes.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, routes).await });

    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let claims = format!(
        r#"{{"iss":"https://id.example.com","aud":"notes","sub":"ada","iat":{now},"exp":{},"jti":"1"}}"#,
        now + 60
    );
    let header = r#"{"alg":"EdDSA","typ":"at+jwt","kid":"host"}"#;
    let token = format!("Authorization: Bearer {}\r\n", signer.sign(header, &claims));
    for (path, fields) in [
        ("/mine", ""),
        ("/v1/hello", ""),
        ("/v1/notes/adas", ""),
        ("/v1/notes/adas", token.as_str()),
        ("/v1/notes/bobs", token.as_str()),
        ("/v1/notes/ADAS", token.as_str()),
        ("/nothing", ""),
    ] {
        let asked = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{fields}Connection: close\r\n\r\n");
        let answer = tokio::task::spawn_blocking(move || ask(address, &asked)).await??;
        let status = answer.get(9..12).unwrap_or_default();
        let guarded = answer.to_ascii_lowercase().contains("x-content-type-options: nosniff");
        println!("{path} {} {status} {guarded}", !fields.is_empty());
    }
    shield.flush();
    Ok(())
}

fn ask(address: SocketAddr, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
