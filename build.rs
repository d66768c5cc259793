//! How the program is linked; the library is built as any other.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |key: &str| std::env::var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        // At a fixed address nothing is relocated when the program starts: its tables hold 67,000 pointers, in 350 pages
        // that would be written at every start, which took longer than the judging. What it gives up, an address that is
        // hard to guess, guards programs that write to memory they should not: there is no `unsafe` code here.
        println!("cargo::rustc-link-arg-bin=gonogo=-no-pie");
    }
}
