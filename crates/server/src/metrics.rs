//! What is known of the requests that this server has answered, and of how it is.

mod disk;
mod figures;
mod page;
mod recorder;
mod writer;

pub(crate) use self::figures::{Figures, Sources};
pub(crate) use self::page::serve;
pub(crate) use self::recorder::Recorder;
pub(crate) use self::writer::Writer;
