package import Foundation

/// The system's words for an error number.
func systemMessage(_ number: Int32) -> String {
    unsafe String(cString: strerror(number))
}

/// A file mapped read-only into memory, unmapped when the last reference goes.
///
/// The bytes must not change while mapped: Docket's files are replaced by rename, never edited.
@safe package final class MappedFile: @unchecked Sendable {
    package let path: String
    package let byteCount: Int
    /// Which file this was, and in which state, when it was mapped.
    package let stamp: FileStamp
    private let base: UnsafeRawPointer?

    /// Maps the whole file; an empty file maps to no bytes.
    package init(at url: URL) throws(IndexFileError) {
        path = url.path
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: url.path, errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(path: url.path, errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path: url.path, errno: EISDIR) }
        byteCount = Int(status.st_size)
        stamp = FileStamp(status)
        guard byteCount > 0 else {
            unsafe base = nil
            return
        }
        let address = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw .unreadable(path: url.path, errno: errno)
        }
        unsafe base = UnsafeRawPointer(address)
    }

    deinit {
        if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), byteCount) }
    }

    /// Calls `body` with the file's bytes, valid for the call only.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try unsafe body(UnsafeRawBufferPointer(start: base, count: byteCount))
    }

    /// The elements stored at `byteRange`, sharing the mapping.
    ///
    /// - Precondition: the range lies in the file, starts at a multiple of the element's alignment and holds whole elements.
    package func elements<Element: BitwiseCopyable>(_: Element.Type, in byteRange: Range<Int>) -> MappedArray<Element> {
        precondition(byteRange.lowerBound >= 0 && byteRange.upperBound <= byteCount)
        precondition(byteRange.lowerBound.isMultiple(of: MemoryLayout<Element>.alignment))
        precondition(byteRange.count.isMultiple(of: MemoryLayout<Element>.stride))
        let bytes = unsafe UnsafeRawBufferPointer(start: base, count: byteCount)
        return unsafe MappedArray(
            file: self, elements: UnsafeRawBufferPointer(rebasing: bytes[byteRange]).bindMemory(to: Element.self))
    }
}

/// A read-only array that lives in a mapped file and keeps it mapped.
///
/// Inlinable, so that other rooms' loops over it are compiled for their element.
@safe package struct MappedArray<Element: BitwiseCopyable>: @unchecked Sendable, RandomAccessCollection {
    @usableFromInline let file: MappedFile
    @usableFromInline let elements: UnsafeBufferPointer<Element>

    fileprivate init(file: MappedFile, elements: UnsafeBufferPointer<Element>) {
        self.file = file
        unsafe self.elements = unsafe elements
    }

    @inlinable package var startIndex: Int { 0 }
    @inlinable package var endIndex: Int { unsafe elements.count }

    @inlinable package subscript(position: Int) -> Element {
        unsafe precondition(position >= 0 && position < elements.count, "index out of range")
        return unsafe elements[position]
    }

    /// Calls `body` with the elements as contiguous memory, valid for the call only.
    @inlinable package func withUnsafeBufferPointer<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(file) {} }
        return try unsafe body(elements)
    }

    /// The elements in memory of their own. `Array(_:)` would take them one by one.
    @inlinable package var copied: [Element] { unsafe Array(elements) }

    /// Where algorithms look for contiguous memory.
    @inlinable package func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) rethrows -> Result? {
        try unsafe withUnsafeBufferPointer(body)
    }
}
