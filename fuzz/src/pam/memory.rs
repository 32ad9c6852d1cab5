//! What is allocated and not freed again; and whether a reply was wiped before it was freed.
#![allow(
    unsafe_code,
    reason = "an allocator that counts, and a free that looks; each block says why it is sound"
)]

use libc::c_void;
use std::alloc::{GlobalAlloc, Layout, System};
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicI64, AtomicPtr, AtomicU64, AtomicUsize, Ordering::SeqCst};

/// The replies that an application can have out at once: two allocations each.
const ROOM: usize = 8;

static BYTES: AtomicI64 = AtomicI64::new(0);
static REPLIES: [AtomicPtr<c_void>; ROOM] = [const { AtomicPtr::new(std::ptr::null_mut()) }; ROOM];
static LENGTHS: [AtomicUsize; ROOM] = [const { AtomicUsize::new(0) }; ROOM];
static LIVE: AtomicUsize = AtomicUsize::new(0);
static UNWIPED: AtomicU64 = AtomicU64::new(0);

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: all is the system's allocator's; the count beside it allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(size(layout.size()), SeqCst);
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        BYTES.fetch_sub(size(layout.size()), SeqCst);
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new: usize) -> *mut u8 {
        BYTES.fetch_add(size(new) - size(layout.size()), SeqCst);
        // SAFETY: as the caller promised.
        unsafe { System.realloc(block, layout, new) }
    }
}

fn size(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// What this process holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Balance {
    bytes: i64,
    replies: usize,
    /// The lowest number that the next descriptor gets.
    descriptor: i32,
}

impl Balance {
    /// As it is now.
    pub(crate) fn now() -> Self {
        let descriptor = std::fs::File::open("/dev/null").map_or(-1, |file| file.as_raw_fd());
        Self { bytes: BYTES.load(SeqCst), replies: LIVE.load(SeqCst), descriptor }
    }

    /// Whether more is held than was before.
    pub(crate) fn exceeds(self, before: Self) -> bool {
        self.bytes > before.bytes || self.replies > before.replies || self.descriptor > before.descriptor
    }
}

/// How many replies were freed while what had been typed still stood in them.
pub(crate) fn unwiped() -> u64 {
    UNWIPED.load(SeqCst)
}

/// A copy of `text` as an application hands it over: on C's heap, ended by a zero byte.
pub(super) fn on_the_c_heap(text: &[u8]) -> *mut c_void {
    // SAFETY: one zero byte more than is copied; null is handed on as it is.
    unsafe {
        let block = libc::calloc(1, text.len() + 1);
        if !block.is_null() {
            std::ptr::copy_nonoverlapping(text.as_ptr(), block.cast::<u8>(), text.len());
            note(block, text.len());
        }
        block
    }
}

/// Notes what the module must free; `secret` bytes at its front must be wiped by then.
pub(super) fn note(block: *mut c_void, secret: usize) {
    for (place, length) in REPLIES.iter().zip(&LENGTHS) {
        if place.compare_exchange(std::ptr::null_mut(), block, SeqCst, SeqCst).is_ok() {
            length.store(secret, SeqCst);
            LIVE.fetch_add(1, SeqCst);
            return;
        }
    }
    panic!("{ROOM} replies were never freed");
}

unsafe extern "C" {
    fn __libc_free(block: *mut c_void);
}

/// The C library's own, which first looks at replies.
///
/// # Safety
/// As free(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn free(block: *mut c_void) {
    if LIVE.load(SeqCst) > 0 && !block.is_null() {
        for (place, length) in REPLIES.iter().zip(&LENGTHS) {
            if place.load(SeqCst) == block {
                // SAFETY: the block was allocated here with at least so many bytes, and is not freed yet.
                let text = unsafe { std::slice::from_raw_parts(block.cast::<u8>(), length.load(SeqCst)) };
                if text.iter().any(|byte| *byte != 0) {
                    UNWIPED.fetch_add(1, SeqCst);
                }
                place.store(std::ptr::null_mut(), SeqCst);
                LIVE.fetch_sub(1, SeqCst);
                break;
            }
        }
    }
    // SAFETY: as the caller promised.
    unsafe { __libc_free(block) }
}
