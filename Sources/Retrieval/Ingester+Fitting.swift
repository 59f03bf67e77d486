import Foundation
import IndexFiles
import Storage

extension Ingester {
    /// The embedder for the pages as they are now: the serving generation's fit while little has changed since, else a
    /// new one, where it has to be fitted at all.
    func fittedEmbedder() throws -> Embedder {
        guard embedder.latent != nil else { return embedder }
        if let served = try servedFit(), try !served.isOutdated(for: store) { return .latent(served) }
        report(.fitting)
        return .latent(try LatentEmbedder(fittedOn: store))
    }

    /// `nil` where nothing is served, or a model's vectors are, or the file is lost or damaged.
    private func servedFit() throws -> LatentEmbedder? {
        guard let serving = try store.servingGeneration(), LatentEmbedder.isFingerprint(serving.fingerprint) else {
            return nil
        }
        let folder = IndexFolder(of: try store.servingState().identity, in: indexes)
        do {
            let manifest = try GenerationManifest(of: serving, in: folder)
            let url = folder.latentModel(of: manifest.latentModel?.generation ?? serving.id)
            let fit = try LatentEmbedder(opening: url)
            guard fit.fingerprint == serving.fingerprint else {
                report(.rebuilding(reason: "\(url.path): is of another build"))
                return nil
            }
            return fit
        } catch {
            report(.rebuilding(reason: error.description))
            return nil
        }
    }

    /// Embeddings of fits that can be served no more will never be asked for again; those of models may be.
    func forgetOldFits(but embedder: Embedder) throws {
        let kept = Set(try store.servableGenerations().map(\.fingerprint) + [embedder.fingerprint])
        let old = try store.embeddedFingerprints().filter { LatentEmbedder.isFingerprint($0) && !kept.contains($0) }
        if !old.isEmpty { try store.forgetEmbeddings(of: old) }
    }
}
