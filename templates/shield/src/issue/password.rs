//! Passwords: Argon2id with the parameters that OWASP names first for it, as text in the PHC format.
//!
//! An account that does not exist takes as long as one with another password. Hashing takes 19 MiB and tens of
//! milliseconds on purpose, so only a few run at a time; the others wait, as long as their handlers may.

use std::sync::{Arc, LazyLock};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::refusal::Fault;
use crate::secret::Secret;

/// KiB, passes, lanes.
const COST: [u32; 3] = [19_456, 2, 1];
const SALT: usize = 16;
const HASH: usize = 32;

/// A stored hash may have been made elsewhere; one that would take more than this is not computed.
const MOST: [u32; 3] = [262_144, 16, 16];

/// Of them at a time: each takes a core.
const AT_A_TIME: usize = 4;

/// Of the whole process: it is one memory, whatever services share it.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new(cores.clamp(1, AT_A_TIME)))
});

/// A hash to compare with where there is no account.
static NOBODY: LazyLock<Stored> = LazyLock::new(|| Stored {
    cost: COST,
    salt: vec![0; SALT],
    hash: vec![0; HASH],
});

#[derive(Clone)]
struct Stored {
    cost: [u32; 3],
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Stored {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
        let (cost, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let mut numbers = cost.split(',').zip(["m=", "t=", "p="]);
        let mut number = || {
            let (part, name) = numbers.next()?;
            part.strip_prefix(name)?.parse::<u32>().ok()
        };
        let parsed = [number()?, number()?, number()?];
        if cost.split(',').count() != 3
            || parsed.iter().zip(MOST).any(|(given, most)| *given > most)
        {
            return None;
        }
        let bytes = |text: &str| STANDARD_NO_PAD.decode(text).ok();
        let (salt, hash) = (bytes(salt)?, bytes(hash)?);
        let usual = (8..=64).contains(&salt.len()) && (16..=64).contains(&hash.len());
        usual.then_some(Stored {
            cost: parsed,
            salt,
            hash,
        })
    }

    fn text(&self) -> String {
        let [m, t, p] = self.cost;
        format!(
            "$argon2id$v=19$m={m},t={t},p={p}${}${}",
            STANDARD_NO_PAD.encode(&self.salt),
            STANDARD_NO_PAD.encode(&self.hash)
        )
    }
}

/// Whether `password` is the one that `stored` was made of. Without an account `stored` is `None`, and so is the answer,
/// no sooner.
pub(crate) async fn verify(stored: Option<&str>, password: &Secret) -> Result<bool, Fault> {
    let known = stored.is_some();
    let stored = match stored {
        Some(text) => Stored::parse(text).ok_or_else(|| {
            Fault::new("a stored password hash is not Argon2id in the PHC format")
        })?,
        None => NOBODY.clone(),
    };
    let expected = stored.hash.clone();
    let hash = compute(stored.cost, stored.salt, expected.len(), password).await?;
    Ok(verify_slices_are_equal(&hash, &expected).is_ok() && known)
}

/// The text to store for a new password.
pub(super) async fn hash(password: &Secret) -> Result<String, Fault> {
    let mut salt = vec![0; SALT];
    aws_lc_rs::rand::fill(&mut salt).map_err(|_| Fault::new("there are no random numbers"))?;
    let hash = compute(COST, salt.clone(), HASH, password).await?;
    Ok(Stored {
        cost: COST,
        salt,
        hash,
    }
    .text())
}

async fn compute(
    [m, t, p]: [u32; 3],
    salt: Vec<u8>,
    length: usize,
    password: &Secret,
) -> Result<Vec<u8>, Fault> {
    let password = Zeroizing::new(password.expose().as_bytes().to_vec());
    let turn = TURNS
        .clone()
        .acquire_owned()
        .await
        .map_err(|_| Fault::new("no password is hashed any more"))?;
    let computed =
        tokio::task::spawn_blocking(move || {
            // Kept until it is done: a client that hangs up makes no room for another guess.
            let _turn = turn;
            let params = Params::new(m, t, p, Some(length))?;
            let mut memory = vec![Block::default(); params.block_count()];
            let mut hash = vec![0; length];
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_into_with_memory(&password, &salt, &mut hash, &mut memory)?;
            Ok::<_, argon2::Error>(hash)
        });
    match computed.await {
        Ok(Ok(hash)) => Ok(hash),
        Ok(Err(error)) => Err(Fault::new(format!("a password cannot be hashed: {error}"))),
        Err(_) => Err(Fault::new("a password could not be hashed")),
    }
}
