//! A name of a policy out of that of its folder. Never asks whether the folder is there.

use std::path::Path;

/// A name, and what it was made of where that is another one.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) from: Option<String>,
}

/// The name that a folder gives: its own, in kebab-case.
pub(super) fn of(folder: &Path) -> Named {
    let own = folder.file_name().map(ToOwned::to_owned).or_else(|| {
        folder
            .canonicalize()
            .ok()?
            .file_name()
            .map(ToOwned::to_owned)
    });
    let own = own.unwrap_or_default();
    let own = own.to_string_lossy();
    let name = kebab(&own);
    let from = (name != own).then(|| own.chars().filter(|c| !c.is_control()).collect());
    Named { name, from }
}

/// Letters and digits of ASCII in lower case, words joined by hyphens; `release` where nothing is left.
fn kebab(text: &str) -> String {
    let mut name = String::new();
    let mut before = ' ';
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            // A word also begins where a capital follows what is none.
            let begins = c.is_ascii_uppercase() && !before.is_ascii_uppercase();
            let apart = !before.is_ascii_alphanumeric() || begins;
            if apart && !name.is_empty() {
                name.push('-');
            }
            name.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    if name.is_empty() {
        name.push_str("release");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn a_folder_s_name_is_made_fit() {
        for (folder, name) in [
            ("checkout", "checkout"),
            ("checkout-v2", "checkout-v2"),
            ("My Service", "my-service"),
            ("MyService", "my-service"),
            ("HTTP", "http"),
            ("a__b--c", "a-b-c"),
            ("-x-", "x"),
            ("café", "caf"),
            ("日本", "release"),
            ("", "release"),
        ] {
            assert_eq!(kebab(folder), name, "{folder}");
        }
    }
}
