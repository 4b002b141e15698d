//! Files and the disk: ownership, comparison, atomic writing.
