//! Paths as services know them that keep a report beside a repository: relative to the folder the program was started in,
//! wherever that can be. Looks up no path.

/// A file without steps that lead nowhere; relative to a folder where it lies in it.
#[must_use]
pub(crate) fn relative(file: &str, folder: &str) -> String {
    let absolute = file.starts_with('/');
    let whole = if absolute || folder.is_empty() {
        file.to_owned()
    } else {
        format!("{folder}/{file}")
    };
    let (parts, above) = (normal(&whole), normal(folder));
    match parts.strip_prefix(above.as_slice()) {
        Some(below) if !folder.is_empty() && !below.is_empty() => below.join("/"),
        _ if absolute => format!("/{}", parts.join("/")),
        _ => normal(file).join("/"),
    }
}

/// The steps of a path; those that go up from nowhere stay.
fn normal(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            ("..", None) if path.starts_with('/') => {}
            _ => parts.push(part),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn what_lies_in_the_folder_is_named_from_there() {
        for (file, folder, wanted) in [
            ("/work/a/policy.yaml", "/work", "a/policy.yaml"),
            ("/work/./a/../policy.yaml", "/work", "policy.yaml"),
            ("/workshop/policy.yaml", "/work", "/workshop/policy.yaml"),
            ("/other/policy.yaml", "/work", "/other/policy.yaml"),
            ("./policy.yaml", "/work", "policy.yaml"),
            ("a/../b//policy.yaml", "", "b/policy.yaml"),
            ("../work/policy.yaml", "/work", "policy.yaml"),
            ("../policy.yaml", "/work", "../policy.yaml"),
            ("/work/policy.yaml", "", "/work/policy.yaml"),
            ("/../policy.yaml", "/", "policy.yaml"),
            ("", "/work", ""),
        ] {
            assert_eq!(relative(file, folder), wanted, "{file} in {folder}");
        }
    }
}
