import Configuration
import Retrieval

/// What every output says where vectors come from no model, so that nobody takes them for a model's.
enum NoModel {
    /// For people.
    static let line = """
        No model: embeddings by latent semantic analysis of these pages; scripts/fetch-model and `docket ingest \
        --change-model` bring one.
        """

    /// For programs: the object with a member that says so.
    static func mark(_ object: JSON) -> JSON { object.adding("embedding", .string(LatentEmbedder.name)) }
}

extension Configuration {
    /// Says before a command's own text that there is no model, where there is none.
    func sayWhetherModelIsMissing() {
        if usesLatentSemanticAnalysis { print(NoModel.line) }
    }

    /// An object to print, which says the same.
    func marked(_ object: JSON) -> JSON { usesLatentSemanticAnalysis ? NoModel.mark(object) : object }
}
