//! curve25519-dalek's ristretto255 behind a plain interface for WebAssembly.
//!
//! Inputs and results go through one exchange area: 64 bytes for each term, an encoded point and a reduced scalar. A result replaces the first point.
//! The caller checks that scalars are reduced, and wipes after each call: they may be secrets.

use curve25519_dalek::constants::{RISTRETTO_BASEPOINT_COMPRESSED, RISTRETTO_BASEPOINT_TABLE};
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity, IsIdentity, VartimeMultiscalarMul};

const TERM_SIZE: usize = 64;
const POINT_SIZE: usize = 32;

static mut AREA: Vec<u8> = Vec::new();

/// The exchange area. A module of WebAssembly has one thread, and no function here calls another that takes it.
fn area() -> &'static mut Vec<u8> {
    unsafe { &mut *core::ptr::addr_of_mut!(AREA) }
}

/// Makes room for `terms` and says where the area lies, which may be elsewhere than before.
#[no_mangle]
pub extern "C" fn reserve(terms: usize) -> *mut u8 {
    let area = area();
    if area.len() < terms * TERM_SIZE {
        area.resize(terms * TERM_SIZE, 0);
    }
    area.as_mut_ptr()
}

/// Overwrites the first terms, and what the last call left on the stack: copies of scalars and their digits. From outside, so that no frame is spared.
#[no_mangle]
pub extern "C" fn wipe(terms: usize) {
    area()[..terms * TERM_SIZE].fill(0);
    let mut stack = [0u64; 2048];
    for word in stack.iter_mut() {
        unsafe { core::ptr::write_volatile(word, 0) };
    }
}

/// 1 if the first point is one other than the identity, else 0.
#[no_mangle]
pub extern "C" fn is_point() -> u32 {
    point(&area()[..TERM_SIZE]).is_some() as u32
}

/// scalar * G in constant time.
#[no_mangle]
pub extern "C" fn multiply_base() {
    let area = area();
    let product = RISTRETTO_BASEPOINT_TABLE * &scalar(&area[..TERM_SIZE]);
    put(area, product);
}

/// scalar * point in constant time. 0 if the point is none.
#[no_mangle]
pub extern "C" fn multiply() -> u32 {
    let area = area();
    let term = &area[..TERM_SIZE];
    match point(term).map(|point| point * scalar(term)) {
        Some(product) => put(area, product),
        None => 0,
    }
}

/// The sum of scalar * point over the first terms, in a time that depends on all of them. 0 if one of the points is none.
#[no_mangle]
pub extern "C" fn combine(terms: usize) -> u32 {
    let area = area();
    match sum(&area[..terms * TERM_SIZE]) {
        Some(sum) => put(area, sum),
        None => 0,
    }
}

/// Terms with the generator, and sums and differences, are common and cheaper by themselves.
fn sum(terms: &[u8]) -> Option<RistrettoPoint> {
    let mut of_base = Scalar::ZERO;
    let mut plain = RistrettoPoint::identity();
    let (mut points, mut scalars) = (Vec::new(), Vec::new());
    for term in terms.chunks_exact(TERM_SIZE) {
        let factor = scalar(term);
        if term[..POINT_SIZE] == RISTRETTO_BASEPOINT_COMPRESSED.0 {
            of_base += factor;
        } else if factor == Scalar::ONE {
            plain += point(term)?;
        } else if factor == -Scalar::ONE {
            plain -= point(term)?;
        } else {
            points.push(point(term)?);
            scalars.push(factor);
        }
    }
    if of_base != Scalar::ZERO {
        plain += RISTRETTO_BASEPOINT_TABLE * &of_base;
    }
    if !points.is_empty() {
        plain += RistrettoPoint::vartime_multiscalar_mul(&scalars, &points);
    }
    Some(plain)
}

fn point(term: &[u8]) -> Option<RistrettoPoint> {
    let point = CompressedRistretto::from_slice(&term[..POINT_SIZE]).ok()?.decompress()?;
    if point.is_identity() {
        None
    } else {
        Some(point)
    }
}

fn scalar(term: &[u8]) -> Scalar {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(&term[POINT_SIZE..TERM_SIZE]);
    Scalar::from_bytes_mod_order(bytes)
}

fn put(area: &mut [u8], point: RistrettoPoint) -> u32 {
    area[..POINT_SIZE].copy_from_slice(point.compress().as_bytes());
    1
}
