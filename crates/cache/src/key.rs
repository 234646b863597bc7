use eggypro_domain::changes::Tag;

/// Names an answer, and the parts of the shop that it shows.
#[derive(Debug, Clone)]
pub struct Key {
    name: String,
    first: Tag,
    others: Vec<Tag>,
    room: Room,
    is_derived: bool,
}

/// Which room an answer is kept in; each is bounded for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// What many ask for.
    Pages,
    /// What strangers make up.
    Searches,
}

impl Key {
    /// A key for an answer that shows this. Equal names must stand for equal answers.
    pub fn new(name: impl Into<String>, shows: Tag, room: Room) -> Self {
        Self {
            name: name.into(),
            first: shows,
            others: vec![],
            room,
            is_derived: false,
        }
    }

    /// The same, where the answer shows that as well.
    #[must_use]
    pub fn and(mut self, shows: Tag) -> Self {
        self.others.push(shows);
        self
    }

    /// The key of this answer in another form, such as a compressed one. No name may begin with that of a form.
    #[must_use]
    pub fn in_form(mut self, form: &str) -> Self {
        self.name.insert(0, ' ');
        self.name.insert_str(0, form);
        self.derived()
    }

    /// The same for an answer that is made of, or made into, what is kept in this process. Redis may know already that
    /// such a source no longer holds when this process doesn't, so nothing that is made of it goes there.
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

    /// Whether the answer is for all servers.
    pub(crate) fn is_shared(&self) -> bool {
        self.room == Room::Pages && !self.is_derived
    }

    pub(crate) fn room(&self) -> Room {
        self.room
    }
}
