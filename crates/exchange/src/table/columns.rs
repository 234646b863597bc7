use super::Table;

/// A column that a format of another shop has.
pub(crate) trait Column: Copy + Eq + 'static {
    /// All columns.
    const ALL: &'static [Self];

    /// Its names in headers, the best known first.
    fn names(self) -> &'static [&'static str];
}

/// Which columns of a format a file has.
#[derive(Debug)]
pub(crate) struct Columns<C> {
    found: Vec<(C, usize)>,
    header: Vec<String>,
}

impl<C: Column> Columns<C> {
    pub(crate) fn of(table: &Table) -> Self {
        let found = C::ALL.iter().filter_map(|column| {
            let mut names = column.names().iter();
            let at = names.find_map(|name| table.column(name))?;
            Some((*column, at))
        });
        Self {
            found: found.collect(),
            header: table.header().to_vec(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The index of a column.
    pub(crate) fn at(&self, column: C) -> Option<usize> {
        let found = self.found.iter().find(|(other, _)| *other == column);
        found.map(|(_, at)| *at)
    }

    pub(crate) fn has(&self, column: C) -> bool {
        self.at(column).is_some()
    }

    /// The name of a column: as the file has it, or else the best known one.
    pub(crate) fn name(&self, column: C) -> &str {
        let own = self.at(column).and_then(|at| self.name_at(at));
        let known = column.names().first().copied();
        own.or(known).unwrap_or_default()
    }

    /// The name of the column with an index.
    pub(crate) fn name_at(&self, at: usize) -> Option<&str> {
        self.header.get(at).map(String::as_str)
    }
}
