import Storage

/// What is asked of the database itself.
extension Verification {
    /// SQLite's own check. Where it complains, nothing that is read can be trusted.
    mutating func isFileSound() throws -> Bool {
        let problems = try store.integrityProblems(comparingIndexes: true)
        for problem in problems { complain(.database, problem) }
        damage.isOfFile = !problems.isEmpty
        return problems.isEmpty
    }

    /// Records that cannot be read, refer to nothing, or are not as they were written.
    mutating func checkRecords() throws {
        for problem in try store.danglingReferences() {
            complain(.database, problem)
            damage.hasStrays = true
        }
        for problem in try store.damagedRecords(fingerprint: nil, dimension: 0) {
            complain(.database, problem.description)
            guard case .corruptRecord(let table, _, _) = problem else { continue }
            if table == "setting" { damage.isOfSettings = true }
            // Those of pages that can be shown are found with their pages.
            if table == "chunk" || table == "document" { damage.hasStrays = true }
        }
        for table in [SealedTable.ticket, .event, .draft] {
            for seal in try store.brokenSeals(of: table) {
                complain(
                    .database,
                    "the \(table.rawValue) record \(seal.key) is \(seal.isGone ? "gone" : "not as it was written")")
            }
        }
        if try !store.areRemovalsSealed() {
            complain(.database, "the list of pages that were removed by name is not as it was written")
        }
        for number in try store.wrongDraftCitations() {
            complain(.drafts, "draft \(number) is not kept as citing what it cites")
            damage.drafts.append(number)
        }
    }
}

extension StorageError {
    /// Whether it says that something stored is not as it should be, rather than that it cannot be got at now.
    package var isOfDamage: Bool {
        switch self {
        case .damaged, .notADatabase, .corruptRecord, .noRevision: true
        case .noDatabase, .newerVersion, .unusable, .noPlaceForBackup, .busy, .duplicateDocument, .removedPage,
            .noTicket,
            .ambiguousTicket:
            false
        }
    }
}
