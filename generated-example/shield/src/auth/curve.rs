//! The curves of ECDSA (RFC 7518 §6.2.1.1).

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    pub const ALL: [Curve; 3] = [Curve::P256, Curve::P384, Curve::P521];

    /// As `crv` has it.
    pub const fn name(self) -> &'static str {
        match self {
            Curve::P256 => "P-256",
            Curve::P384 => "P-384",
            Curve::P521 => "P-521",
        }
    }

    /// Bytes of a coordinate.
    pub const fn width(self) -> usize {
        match self {
            Curve::P256 => 32,
            Curve::P384 => 48,
            Curve::P521 => 66,
        }
    }

    /// The content of its object identifier (RFC 5480 §2.1.1.1).
    pub const fn oid(self) -> &'static [u8] {
        match self {
            // 1.2.840.10045.3.1.7
            Curve::P256 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
            // 1.3.132.0.34
            Curve::P384 => &[0x2b, 0x81, 0x04, 0x00, 0x22],
            // 1.3.132.0.35
            Curve::P521 => &[0x2b, 0x81, 0x04, 0x00, 0x23],
        }
    }

    /// Whether `point` is one of this curve in uncompressed form: 0x04, x, y (SEC 1 §2.3.3). Whether it lies on the curve
    /// is for whoever uses it to check.
    pub fn has_form(self, point: &[u8]) -> bool {
        point.len() == 1 + 2 * self.width() && point.first() == Some(&4)
    }

    /// The coordinates of a point that has the form.
    pub fn coordinates(self, point: &[u8]) -> Option<(&[u8], &[u8])> {
        self.has_form(point)
            .then(|| point.get(1..)?.split_at_checked(self.width()))?
    }
}
