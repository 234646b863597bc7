use eggypro_domain::changes::Tag;

/// The name of an answer and the parts of the shop that it shows.
#[derive(Debug, Clone)]
pub struct Key {
    name: String,
    first: Tag,
    others: Vec<Tag>,
    region: Region,
    is_derived: bool,
}

/// The part of the cache that an answer is in. Each has its own size limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// Pages that many clients request.
    Pages,
    /// Searches, of which clients can make up any number.
    Searches,
}

impl Key {
    /// A key for an answer that shows the given tag. Equal names must stand for equal answers.
    pub fn new(name: impl Into<String>, shows: Tag, region: Region) -> Self {
        Self {
            name: name.into(),
            first: shows,
            others: vec![],
            region,
            is_derived: false,
        }
    }

    /// Adds a tag that the answer shows as well.
    #[must_use]
    pub fn and(mut self, shows: Tag) -> Self {
        self.others.push(shows);
        self
    }

    /// The key of this answer in another form, such as a compressed one. No key's name may begin with a form's name.
    #[must_use]
    pub fn in_form(mut self, form: &str) -> Self {
        self.name.insert(0, ' ');
        self.name.insert_str(0, form);
        self.derived()
    }

    /// Marks an answer that is derived from cached data of this process, or that such data is derived from. It is not
    /// stored in Redis: a source may already be invalid there while it is still valid in this process.
    #[must_use]
    pub fn derived(mut self) -> Self {
        self.is_derived = true;
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn tags(&self) -> impl Iterator<Item = &Tag> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Whether the answer is shared with other servers through Redis.
    pub(crate) fn is_shared(&self) -> bool {
        self.region == Region::Pages && !self.is_derived
    }

    pub(crate) fn region(&self) -> Region {
        self.region
    }
}
