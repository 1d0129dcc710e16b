//! What [`SignatureRule::Consent`](super::SignatureRule::Consent) asks for beyond ZIP 215, on bytes alone.

use super::SignatureError;

/// An encoded point: y in little-endian order, the sign of x in the top bit (RFC 8032 §5.1.2).
type Encoding = [u8; 32];

/// The field's prime, 2^255 − 19, in little-endian order.
const P: Encoding = [
    0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
];

/// y = 1: the identity, where x = 0.
const Y_ORDER_1: Encoding = [
    0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
];
/// y = −1: the point of order 2, where x = 0.
const Y_ORDER_2: Encoding = [
    0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
];
/// y = 0: the two points of order 4.
const Y_ORDER_4: Encoding = [0; 32];
/// The y of two of the four points of order 8.
const Y_ORDER_8: Encoding = [
    0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
    0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
];
/// The y of the other two, the former's negative.
const Y_ORDER_8_NEGATIVE: Encoding = [
    0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
    0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
];

/// Checks the key and the signature's R as Algorithm 2 asks, except that they are points at all.
///
/// Source: Chalkias, Garillot, Nikolaenko, <https://eprint.iacr.org/2020/1244>, Algorithm 2, steps 2
/// and 3.
pub(super) fn check(key: &[u8; 32], signature: &[u8; 64]) -> Result<(), SignatureError> {
    // Step 2: A is none of the 8 points of small order. Their canonical encodings suffice, since the
    // others fall to step 3.
    if is_small_order(key) {
        return Err(SignatureError::KeySmallOrder);
    }
    // Step 3: A and R are canonical.
    if !is_canonical(key) {
        return Err(SignatureError::KeyNotCanonical);
    }
    let (point, _) = signature.split_first_chunk().ok_or(SignatureError::PointNotCanonical)?;
    if !is_canonical(point) {
        return Err(SignatureError::PointNotCanonical);
    }
    Ok(())
}

/// Whether `encoding`, if it is one of a point, is the canonical one: y < p, and no sign where x = 0.
fn is_canonical(encoding: &Encoding) -> bool {
    let y = clear_sign(encoding);
    let reduced = y.iter().rev().lt(P.iter().rev());
    let negative_zero = y != *encoding && (y == Y_ORDER_1 || y == Y_ORDER_2);
    reduced && !negative_zero
}

/// Whether `encoding` has the y of one of the eight points of small order, reduced below p.
fn is_small_order(encoding: &Encoding) -> bool {
    let y = clear_sign(encoding);
    [Y_ORDER_1, Y_ORDER_2, Y_ORDER_4, Y_ORDER_8, Y_ORDER_8_NEGATIVE].contains(&y)
}

/// The y of an encoding.
fn clear_sign(encoding: &Encoding) -> Encoding {
    let mut y = *encoding;
    let [.., top] = &mut y;
    *top &= 0x7f;
    y
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    use curve25519_dalek::constants::EIGHT_TORSION;
    use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
    use curve25519_dalek::scalar::Scalar;

    fn encode(point: EdwardsPoint) -> Encoding {
        point.compress().to_bytes()
    }

    #[test]
    fn small_order_points_are_the_eight_that_the_curve_has() {
        let found: BTreeSet<Encoding> = EIGHT_TORSION.into_iter().map(encode).collect();
        assert_eq!(found.len(), 8);
        assert!(found.iter().all(is_small_order));
        // Five y, two signs each, less the two negative zeros.
        let listed: BTreeSet<Encoding> =
            [Y_ORDER_1, Y_ORDER_2, Y_ORDER_4, Y_ORDER_8, Y_ORDER_8_NEGATIVE]
                .into_iter()
                .flat_map(|y| {
                    [y, {
                        let mut n = y;
                        n[31] |= 0x80;
                        n
                    }]
                })
                .filter(is_canonical)
                .collect();
        assert_eq!(listed, found);
    }

    #[test]
    fn points_of_large_order_are_not_taken_for_small_ones() {
        let mut point = EdwardsPoint::mul_base(&Scalar::from(1_u8));
        for torsion in EIGHT_TORSION {
            assert!(!is_small_order(&encode(point + torsion)));
            point += point;
        }
    }

    #[test]
    fn canonical_encodings_are_those_that_the_curve_library_writes() {
        // Every y within 300 of p or 2^255 and of 0, both signs, and ordinary points.
        let mut near = 0_u32;
        for low in 0..=u8::MAX {
            for (fill, top) in [(0x00, 0x00), (0x00, 0x80), (0xff, 0x7f), (0xff, 0xff)] {
                let mut encoding = [fill; 32];
                encoding[0] = low;
                encoding[31] = top;
                if let Some(point) = CompressedEdwardsY(encoding).decompress() {
                    near += 1;
                    assert_eq!(is_canonical(&encoding), encode(point) == encoding, "{encoding:x?}");
                }
            }
        }
        assert!(near > 400, "{near} points");
        for n in 1..100_u8 {
            assert!(is_canonical(&encode(EdwardsPoint::mul_base(&Scalar::from(n)))));
        }
    }

    #[test]
    fn canonical_encodings_end_below_the_prime() {
        let mut y = P;
        assert!(!is_canonical(&y));
        y[0] -= 1;
        assert!(is_canonical(&y));
        y = P;
        y[31] = 0x7e;
        assert!(is_canonical(&y));
    }
}
