//! From `x-security` to the effective policy of each operation.
