use super::values;

/// The type of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A product on its own.
    Simple,
    /// The parent of variations.
    Variable,
    /// A product of a group.
    Variation,
}

impl Kind {
    /// Reads a cell such as `simple, virtual`. An empty cell is a simple product.
    ///
    /// # Errors
    /// Why products of this type can't be imported.
    pub(super) fn of(cell: &str) -> Result<Self, String> {
        let types = values::list(&cell.to_ascii_lowercase());
        let mut types = types.iter().map(String::as_str);
        let kind = types.find(|kind| !matches!(*kind, "virtual" | "downloadable"));
        match kind.unwrap_or("simple") {
            "simple" => Ok(Self::Simple),
            "variable" => Ok(Self::Variable),
            "variation" => Ok(Self::Variation),
            "grouped" => Err(
                "A grouped product only refers to other products: import those and leave this row out"
                    .to_owned(),
            ),
            "external" => {
                Err("An external product is sold by another shop: leave this row out".to_owned())
            }
            _ => Err(
                "Products of this type can't be imported, only simple, variable and variation"
                    .to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_do_not_change_the_type() {
        for (cell, expected) in [
            ("", Some(Kind::Simple)),
            ("simple", Some(Kind::Simple)),
            ("simple, virtual, downloadable", Some(Kind::Simple)),
            ("virtual", Some(Kind::Simple)),
            ("Variable", Some(Kind::Variable)),
            ("virtual,variation", Some(Kind::Variation)),
            ("grouped", None),
            ("external", None),
            ("variable-subscription", None),
        ] {
            assert_eq!(Kind::of(cell).ok(), expected, "{cell}");
        }
    }
}
