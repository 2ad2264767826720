//! The modules of a crate, read from its files, and which file names which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The names of modules from the root of the crate; empty for the root.
type ModulePath = Vec<String>;

/// One crate, without what only tests compile.
pub(crate) struct Sources {
    folder: PathBuf,
    modules: BTreeMap<ModulePath, Module>,
}

#[derive(Default)]
struct Module {
    /// Relative to the folder of the sources. Modules that are written inside another one share its file.
    file: PathBuf,
    /// What `use` brings in, by the name it has here.
    names: BTreeMap<String, Vec<String>>,
    /// Every path in this module, as it is written.
    mentions: Vec<Mention>,
}

struct Mention {
    path: Vec<String>,
    /// `pub use`: it hands a name on and needs nothing itself.
    handed_on: bool,
}

/// One file names something of another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrow {
    pub(crate) from: PathBuf,
    pub(crate) to: PathBuf,
    pub(crate) handed_on: bool,
}

impl Sources {
    /// Reads `lib.rs` in this folder and every module that it declares.
    pub(crate) fn read(folder: &Path) -> Self {
        let mut sources = Sources {
            folder: folder.to_owned(),
            modules: BTreeMap::new(),
        };
        sources.read_file(Vec::new(), PathBuf::from("lib.rs"));
        sources
    }

    /// Which file names which. A path counts for the file where its name is at home, whoever hands it on.
    pub(crate) fn arrows(&self) -> BTreeSet<Arrow> {
        let mut arrows = BTreeSet::new();
        for (at, module) in &self.modules {
            for mention in &module.mentions {
                let home = self.home(at, &mention.path, 0);
                let Some(to) = home.filter(|to| *to != module.file) else {
                    continue;
                };
                arrows.insert(Arrow {
                    from: module.file.clone(),
                    to: to.to_owned(),
                    handed_on: mention.handed_on,
                });
            }
        }
        arrows
    }

    fn read_file(&mut self, at: ModulePath, file: PathBuf) {
        let text = fs::read_to_string(self.folder.join(&file)).unwrap();
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| {
            panic!("{}: {error}", file.display());
        });
        self.read_module(at, &file, tokens);
    }

    fn read_module(&mut self, at: ModulePath, file: &Path, tokens: TokenStream) {
        let mut module = Module {
            file: file.to_owned(),
            ..Module::default()
        };
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut index = 0;
        while index < tokens.len() {
            let (before, rest) = tokens.split_at(index);
            index += match rest {
                [hash, TokenTree::Group(it), ..] if is(hash, '#') && tests_only(it) => item(rest),
                [first, ..] if is_word(first, "mod") => self.read_declaration(&at, file, rest),
                _ => module.read_tokens(before, rest),
            };
        }
        self.modules.insert(at, module);
    }

    /// Reads the module that `mod name;` or `mod name { .. }` declares; returns how many tokens that are.
    fn read_declaration(&mut self, parent: &[String], file: &Path, tokens: &[TokenTree]) -> usize {
        let [_, TokenTree::Ident(name), body, ..] = tokens else {
            return 1;
        };
        let name = name.to_string();
        let mut at = parent.to_vec();
        at.push(name.clone());
        match body {
            TokenTree::Group(body) => self.read_module(at, file, body.stream()),
            _ => {
                let stem = file.file_stem().unwrap();
                let beside = file.parent().unwrap();
                let folder = match stem.to_str().unwrap() {
                    "lib" | "mod" => beside.to_owned(),
                    stem => beside.join(stem),
                };
                let flat = folder.join(format!("{name}.rs"));
                let nested = folder.join(&name).join("mod.rs");
                let exists = self.folder.join(&flat).exists();
                self.read_file(at, if exists { flat } else { nested });
            }
        }
        3
    }

    /// The file where a path ends that is written in module `at`; none for other crates, and for a module alone, which is a name
    /// for the paths that begin with it.
    fn home(&self, at: &[String], path: &[String], depth: usize) -> Option<&Path> {
        // A name that is brought in under its own name from another crate would be looked up for ever.
        if depth > 8 {
            return None;
        }
        let (mut module, mut path) = self.start(at, path)?;
        while let [first, rest @ ..] = path {
            let mut child = module.clone();
            child.push(first.clone());
            if self.modules.contains_key(&child) {
                module = child;
                path = rest;
                continue;
            }
            let here = &self.modules[&module];
            return match here.names.get(first) {
                Some(longer) => {
                    let longer: Vec<_> = longer.iter().chain(rest).cloned().collect();
                    self.home(&module, &longer, depth + 1)
                }
                None => Some(&here.file),
            };
        }
        None
    }

    /// The module that a path begins in, and the rest of the path.
    fn start<'a>(&self, at: &[String], path: &'a [String]) -> Option<(ModulePath, &'a [String])> {
        let (first, rest) = path.split_first()?;
        let mut module = at.to_vec();
        match first.as_str() {
            "crate" => return Some((Vec::new(), rest)),
            "self" => return Some((module, rest)),
            "super" => {
                module.pop()?;
                let mut rest = rest;
                while let Some(("super", more)) = rest.split_first().map(|(a, b)| (a.as_str(), b)) {
                    module.pop()?;
                    rest = more;
                }
                return Some((module, rest));
            }
            _ => {}
        }
        let mut child = module.clone();
        child.push(first.clone());
        let known = self.modules.contains_key(&child) || self.modules[at].names.contains_key(first);
        known.then_some((module, path))
    }
}

impl Module {
    /// Reads a `use`, or the path that begins here, or what is inside a group; returns how many tokens that are.
    fn read_tokens(&mut self, before: &[TokenTree], tokens: &[TokenTree]) -> usize {
        match tokens {
            // `use<..>` in a return type brings nothing in.
            [word, next, ..] if is_word(word, "use") && !is(next, '<') => {
                self.read_use(before, &tokens[1..]) + 1
            }
            [TokenTree::Group(group), ..] => {
                let inner: Vec<_> = group.stream().into_iter().collect();
                let mut index = 0;
                while index < inner.len() {
                    let (before, rest) = inner.split_at(index);
                    index += self.read_tokens(before, rest);
                }
                1
            }
            [TokenTree::Ident(_), ..] => self.read_path(before, tokens),
            _ => 1,
        }
    }

    /// A `use`, behind the word and with what stands before it.
    fn read_use(&mut self, before: &[TokenTree], tokens: &[TokenTree]) -> usize {
        let end = tokens.iter().position(|it| is(it, ';'));
        let tree = &tokens[..end.unwrap_or(tokens.len())];
        let handed_on = match before {
            [.., visible, TokenTree::Group(_)] if is_word(visible, "pub") => true,
            [.., visible] => is_word(visible, "pub"),
            [] => false,
        };
        // A path that begins with `::` is of another crate.
        if !tree.first().is_some_and(|it| is(it, ':')) {
            self.read_tree(&[], tree, handed_on);
        }
        tree.len()
    }

    fn read_tree(&mut self, prefix: &[String], tree: &[TokenTree], handed_on: bool) {
        let mut path = prefix.to_vec();
        let mut alias = None;
        for (index, token) in tree.iter().enumerate() {
            match token {
                TokenTree::Ident(name) if name == "as" => {
                    alias = tree.get(index + 1).map(TokenTree::to_string);
                    break;
                }
                // In braces: the module itself.
                TokenTree::Ident(name) if name == "self" && !path.is_empty() => {}
                TokenTree::Ident(name) => path.push(name.to_string()),
                TokenTree::Group(group) => {
                    let inner: Vec<_> = group.stream().into_iter().collect();
                    for branch in inner.split(|it| is(it, ',')).filter(|it| !it.is_empty()) {
                        self.read_tree(&path, branch, handed_on);
                    }
                    return;
                }
                star if is(star, '*') => path.push("*".to_owned()),
                _ => {}
            }
        }
        if let Some(last) = path.last().filter(|last| *last != "*") {
            let name = alias.unwrap_or_else(|| last.clone());
            self.names.insert(name, path.clone());
        }
        self.mentions.push(Mention { path, handed_on });
    }

    fn read_path(&mut self, before: &[TokenTree], tokens: &[TokenTree]) -> usize {
        let mut path = Vec::new();
        let mut read = 0;
        while let [TokenTree::Ident(name), more @ ..] = &tokens[read..] {
            path.push(name.to_string());
            read += 1;
            match more {
                [one, two, TokenTree::Ident(_), ..] if is(one, ':') && is(two, ':') => read += 2,
                _ => break,
            }
        }
        // The end of a path begins none: a field, a method, and behind `$crate::` or a type.
        let continues = match before {
            [.., one, two] if is(one, ':') && is(two, ':') => true,
            [.., last] => is(last, '.') || is(last, '$') || is_word(last, "fn"),
            [] => false,
        };
        // Words alone are mostly variables and fields.
        let called = matches!(tokens.get(read), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
        let type_like = path[0].starts_with(char::is_uppercase);
        if !continues && (path.len() > 1 || called || type_like) {
            let handed_on = false;
            self.mentions.push(Mention { path, handed_on });
        }
        read
    }
}

fn is(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

fn is_word(token: &TokenTree, wanted: &str) -> bool {
    matches!(token, TokenTree::Ident(word) if word == wanted)
}

/// Whether an attribute leaves its item out of every build but that of the tests.
fn tests_only(attribute: &Group) -> bool {
    let text = attribute.stream().to_string().replace(' ', "");
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

/// How many tokens an item is, with the attributes before it.
fn item(tokens: &[TokenTree]) -> usize {
    let brings_in = tokens.iter().find_map(|token| match token {
        TokenTree::Ident(word) if word != "pub" => Some(word == "use"),
        _ => None,
    });
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => {
            group.delimiter() == Delimiter::Brace && brings_in == Some(false)
        }
        token => is(token, ';'),
    };
    let end = tokens.iter().position(ends);
    end.map_or(tokens.len(), |end| end + 1)
}
