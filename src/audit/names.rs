//! Names that say what a value is: ids, credentials, roles, owners, people.
//!
//! Names are all that a document tells about most values. The lists are short on purpose: a name that often means
//! something else is not on them.

/// `userPassword`, `user_password` and `User-Password` are the words `user` and `password`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            before = None;
            continue;
        }
        let ends_capitals = c.is_uppercase()
            && before.is_some_and(char::is_uppercase)
            && chars.peek().is_some_and(|next| next.is_lowercase());
        let begins = match before {
            None => true,
            Some(before) => (c.is_uppercase() && !before.is_uppercase()) || ends_capitals,
        };
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    words
}

/// Words without what separates them.
fn joined(name: &str) -> String {
    words(name).concat()
}

fn one_of(name: &str, list: &[&str]) -> bool {
    list.contains(&joined(name).as_str())
}

/// Ruling 19: what a path variable is called that identifies an object.
pub(super) fn is_id(name: &str) -> bool {
    matches!(name, "id" | "uuid" | "guid" | "key")
        || ["Id", "ID", "_id", "-id", "Uuid", "_uuid"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// What nobody but its holder may know.
pub(super) fn is_credential(name: &str) -> bool {
    let words = words(name);
    let mut last = words.iter().rev().map(String::as_str);
    let (end, before) = (last.next().unwrap_or_default(), last.next());
    match end {
        "password" | "passwd" | "pwd" | "passphrase" | "secret" | "cvv" | "cvc" => true,
        "key" => matches!(before, Some("api" | "private" | "secret" | "signing")),
        "hash" => matches!(before, Some("password" | "passwd" | "pwd" | "secret")),
        "apikey" | "privatekey" | "secretkey" | "clientsecret" | "passwordhash" => true,
        _ => false,
    }
}

/// A password as a person types it.
pub(super) fn is_password(name: &str) -> bool {
    let words = words(name);
    matches!(
        words.last().map(String::as_str),
        Some("password" | "passwd" | "pwd" | "passphrase")
    )
}

/// What stands in for its holder; a login answers with some of these, so they are no secrets of a reply.
pub(super) fn is_token(name: &str) -> bool {
    one_of(
        name,
        &[
            "token",
            "accesstoken",
            "refreshtoken",
            "idtoken",
            "authtoken",
            "apitoken",
            "bearertoken",
            "sessiontoken",
            "sessionid",
            "jwt",
            "authorization",
        ],
    )
}

/// What a person is known by, or would not tell everyone.
pub(super) fn is_personal(name: &str) -> bool {
    one_of(
        name,
        &[
            "email",
            "emailaddress",
            "phone",
            "phonenumber",
            "mobilenumber",
            "birthdate",
            "birthday",
            "dateofbirth",
            "dob",
            "ssn",
            "socialsecuritynumber",
            "nationalid",
            "passportnumber",
            "taxid",
            "iban",
            "creditcardnumber",
            "cardnumber",
            "firstname",
            "lastname",
            "fullname",
            "givenname",
            "familyname",
            "streetaddress",
            "homeaddress",
            "postaladdress",
        ],
    )
}

/// What decides what its holder may do.
pub(super) fn is_privilege(name: &str) -> bool {
    one_of(
        name,
        &[
            "role",
            "roles",
            "isadmin",
            "admin",
            "administrator",
            "isadministrator",
            "isstaff",
            "issuperuser",
            "superuser",
            "isroot",
            "permission",
            "permissions",
            "privileges",
            "isverified",
            "emailverified",
        ],
    )
}

/// Whose an object is.
pub(super) fn is_owner(name: &str) -> bool {
    one_of(
        name,
        &[
            "owner",
            "ownerid",
            "ownedby",
            "createdby",
            "creator",
            "creatorid",
            "tenant",
            "tenantid",
        ],
    )
}

/// What the service sets itself.
pub(super) fn is_kept(name: &str) -> bool {
    one_of(
        name,
        &[
            "id",
            "createdat",
            "createdon",
            "created",
            "updatedat",
            "updatedon",
            "modifiedat",
        ],
    )
}

/// What a service may be made to fetch, or to send people to.
pub(super) fn is_address(name: &str) -> bool {
    let words = words(name);
    let end = words.last().map(String::as_str);
    matches!(end, Some("url" | "uri" | "webhook" | "callback"))
}

/// What an error tells about the inside.
pub(super) fn is_internal(name: &str) -> bool {
    one_of(
        name,
        &[
            "stack",
            "stacktrace",
            "traceback",
            "exception",
            "exceptionmessage",
            "exceptiontype",
            "sql",
            "sqlstate",
            "debuginfo",
            "debugmessage",
        ],
    )
}

/// Parts of a path that are not for everyone.
pub(super) fn is_privileged_segment(segment: &str) -> bool {
    matches!(
        segment
            .trim_start_matches('_')
            .to_ascii_lowercase()
            .as_str(),
        "admin" | "administration" | "internal" | "debug" | "actuator" | "superuser" | "root"
    )
}

/// Operations that people guess at: by path or operationId.
pub(super) fn is_login(words: &[String]) -> bool {
    let has = |word: &str| words.iter().any(|each| each == word);
    has("login")
        || has("signin")
        || has("authenticate")
        || has("otp")
        || (has("sign") && has("in"))
        || (has("log") && has("in"))
        || (has("password") && (has("reset") || has("forgot") || has("recover")))
        || (has("oauth") && has("token"))
        || (has("verify") && (has("code") || has("pin")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        for name in [
            "userPassword",
            "user_password",
            "User-Password",
            "user password",
        ] {
            assert_eq!(words(name), ["user", "password"], "{name}");
        }
        assert_eq!(words("APIKey"), ["api", "key"]);
        assert_eq!(words("X-API-Key"), ["x", "api", "key"]);
        assert_eq!(words("userID"), ["user", "id"]);
        assert_eq!(words("__"), Vec::<String>::new());
    }

    #[test]
    fn a_name_that_only_contains_a_word_does_not_mean_it() {
        for name in [
            "passwordResetAt",
            "secretary",
            "keyboard",
            "hashtag",
            "monkey",
            "tokens_used",
        ] {
            assert!(!is_credential(name) && !is_token(name), "{name}");
        }
        for name in [
            "password",
            "newPassword",
            "password_hash",
            "clientSecret",
            "api_key",
            "apiKey",
        ] {
            assert!(is_credential(name), "{name}");
        }
        for name in ["id", "userId", "user_id", "user-id", "key", "orderUuid"] {
            assert!(is_id(name), "{name}");
        }
        for name in ["paid", "valid", "monkey", "grid", "Identity"] {
            assert!(!is_id(name), "{name}");
        }
    }
}
