//! Rules about the sources themselves.

mod catalogs;
mod circles;
mod files;
mod layers;
mod published;
mod sources;

use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};
use libtest_mimic::Trial;

use crate::test;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("tidy::no_file_needs_itself", circles::no_circle),
        test("tidy::a_circle_is_named", circles::a_circle_is_named),
        test("tidy::what_is_no_circle", circles::what_is_no_circle),
        test(
            "tidy::the_model_flows_in_one_direction",
            circles::model_flows,
        ),
        test("tidy::no_test_is_overlooked", files::tests_are_listed),
        test(
            "tidy::only_the_list_names_a_file_of_a_catalog",
            catalogs::catalogs,
        ),
        test("tidy::files_are_short", files::lengths),
        test("tidy::functions_are_short", files::functions),
        test("tidy::what_is_long", files::what_is_long),
        test(
            "tidy::dependencies_point_in_one_direction",
            layers::layering,
        ),
        test("tidy::registries_and_files_agree", catalogs::registries),
        test(
            "tidy::the_declared_rust_version_is_enough_for_all_dependencies",
            layers::rust_version,
        ),
        test(
            "tidy::the_published_schema_is_the_one_of_the_types",
            published::schema,
        ),
        test("tidy::the_readmes_show_the_gallery", published::spliced),
        test(
            "tidy::the_committed_run_follows_from_its_samples",
            published::recomputed,
        ),
        test(
            "tidy::what_others_published_stands_beside_the_gallery",
            published::reproduced,
        ),
        test(
            "tidy::the_page_of_reasons_is_the_one_of_the_catalogue",
            published::reasons,
        ),
        test(
            "tidy::the_docs_name_every_crate_strategy_workload_and_scenario",
            published::docs,
        ),
    ]
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The manifests of the workspace alone, which needs neither a network nor a lock.
fn metadata() -> Metadata {
    MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .exec()
        .unwrap()
}

/// The name of a package without what makes it unique on the registry: the name of its crate and of its folder.
fn short(name: &str) -> &str {
    name.strip_prefix("makespan-").unwrap_or(name)
}
