//! The options by which variants differ: up to three names with a value each.

use eggypro_domain::products::ProductOption;

use super::basics::FIELD;
use super::read::{text, write};
use super::{Column, Section};

const OPTION: Column = Column {
    section: Section::Options,
    ..FIELD
};

pub(super) static COLUMNS: [Column; 6] = [
    Column {
        name: "option_1_name",
        read: |draft, cell, _| {
            draft.options[0].0 = text(cell);
            Ok(())
        },
        write: |product, cell| write(name(product.options.first()), cell),
        ..OPTION
    },
    Column {
        name: "option_1_value",
        read: |draft, cell, _| {
            draft.options[0].1 = text(cell);
            Ok(())
        },
        write: |product, cell| write(value(product.options.first()), cell),
        ..OPTION
    },
    Column {
        name: "option_2_name",
        read: |draft, cell, _| {
            draft.options[1].0 = text(cell);
            Ok(())
        },
        write: |product, cell| write(name(product.options.get(1)), cell),
        ..OPTION
    },
    Column {
        name: "option_2_value",
        read: |draft, cell, _| {
            draft.options[1].1 = text(cell);
            Ok(())
        },
        write: |product, cell| write(value(product.options.get(1)), cell),
        ..OPTION
    },
    Column {
        name: "option_3_name",
        read: |draft, cell, _| {
            draft.options[2].0 = text(cell);
            Ok(())
        },
        write: |product, cell| write(name(product.options.get(2)), cell),
        ..OPTION
    },
    Column {
        name: "option_3_value",
        read: |draft, cell, _| {
            draft.options[2].1 = text(cell);
            Ok(())
        },
        write: |product, cell| write(value(product.options.get(2)), cell),
        ..OPTION
    },
];

fn name(option: Option<&ProductOption>) -> Option<&str> {
    option.map(|option| option.name.as_str())
}

fn value(option: Option<&ProductOption>) -> Option<&str> {
    option.map(|option| option.value.as_str())
}
