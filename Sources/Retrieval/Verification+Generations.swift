import Storage

/// What is asked of the generations that can be served.
extension Verification {
    mutating func checkGenerations() throws {
        let servable = try store.servableGenerations()
        let serving = try store.servingState().generation
        let unsealed = Set(try store.brokenSeals(of: .generation).map { Int($0.key) })
        if let generation = servable.first(where: { $0.id == serving }) {
            if unsealed.contains(serving) {
                complain(.index, "the record of generation \(serving) is not as it was written")
            }
            try checkServed(generation)
        } else if serving != 0 || !servable.isEmpty {
            complain(.index, "generation \(serving) is to be served, and is none of those that can be")
        }
        damage.index = discrepancies.first { $0.part == .index || $0.part == .embeddings }?.message
        for generation in servable where generation.id != serving { try checkKept(generation) }
        for id in unsealed.sorted() where id != serving && !damage.generations.contains(id) {
            complain(.index, "the record of generation \(id) is not as it was written")
            damage.generations.append(id)
        }
    }

    private mutating func checkServed(_ generation: Generation) throws {
        do {
            try compareIndex(of: generation)
        } catch RetrievalError.unusableIndex(let detail) {
            complain(.index, detail)
        }
    }

    /// Of the generation that can be rolled back to it is asked whether it could be served.
    private mutating func checkKept(_ generation: Generation) throws {
        do {
            try IndexSnapshot(of: store, in: indexes, generation: generation.id).check()
        } catch RetrievalError.unusableIndex(let detail) {
            // An ingest may have ended meanwhile, which removes it.
            guard try store.servableGenerations().contains(generation) else { return }
            complain(.index, "generation \(generation.id) cannot be rolled back to: \(detail)")
            damage.generations.append(generation.id)
        }
    }
}
