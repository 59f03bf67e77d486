import Foundation
import IndexFiles

/// The coded weights of a model, kept so that no later process has to read, hash and code the model's own.
///
/// The file is found by the model's name and vouched for by the stamp of its `model.safetensors`: a model that changed
/// has another stamp. It is a copy of what can be made again, so whatever is wrong with it makes it be made again.
struct CodedWeightsFile {
    let weightsDigest: String
    let codes: [Linear.Name: CodedWeights]

    private struct Facts: Codable {
        let scheme: Int
        let stamp: FileStamp
        let weightsDigest: String
        /// What else decides the codes, since the model is run before it is coded.
        let settings: [String]
        let names: [String]
    }

    /// Where the codes of a model are kept below `folder`.
    static func url(ofModel name: String, in folder: URL) -> URL {
        folder.appending(path: "models/\(name).docketindex")
    }

    /// `nil` where there is none that can be used for the model with this stamp and configuration.
    init?(opening url: URL, stamp: FileStamp, settings: [String], configuration: BertConfiguration) {
        do {
            let file = try IndexFile(opening: url, kind: .weights)
            let facts = try file.value(of: "facts", as: Facts.self)
            let names = Linear.Name.all(configuration)
            guard facts.scheme == CodedWeights.scheme, facts.stamp == stamp, facts.settings == settings,
                facts.names == names.map(\.text)
            else { return nil }
            weightsDigest = facts.weightsDigest
            var codes: [Linear.Name: CodedWeights] = [:]
            for name in names {
                let (inputCount, outputCount) = name.shape(configuration)
                codes[name] = CodedWeights(
                    codes: .mapped(try file.elements(of: "\(name.text).codes", count: inputCount * outputCount)),
                    scales: .mapped(try file.elements(of: "\(name.text).scales", count: outputCount)),
                    sums: .mapped(try file.elements(of: "\(name.text).sums", count: outputCount)),
                    factors: .mapped(try file.elements(of: "\(name.text).factors", count: inputCount)))
            }
            self.codes = codes
        } catch {
            return nil
        }
    }

    init(weightsDigest: String, codes: [Linear.Name: CodedWeights]) {
        self.weightsDigest = weightsDigest
        self.codes = codes
    }

    func write(to url: URL, stamp: FileStamp, settings: [String], configuration: BertConfiguration)
        throws(IndexFileError)
    {
        let folder = url.deletingLastPathComponent()
        guard (try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)) != nil else {
            throw .unwritable(path: folder.path, errno: errno)
        }
        let writer = try IndexFileWriter(creating: url, kind: .weights)
        let names = Linear.Name.all(configuration)
        try writer.append(
            json: Facts(
                scheme: CodedWeights.scheme, stamp: stamp, weightsDigest: weightsDigest, settings: settings,
                names: names.map(\.text)),
            as: "facts")
        for name in names {
            guard let codes = codes[name] else { preconditionFailure("\(name.text) is not coded") }
            try writer.append(codes.codes.values, as: "\(name.text).codes")
            try writer.append(codes.scales.values, as: "\(name.text).scales")
            try writer.append(codes.sums.values, as: "\(name.text).sums")
            try writer.append(codes.factors.values, as: "\(name.text).factors")
        }
        try writer.finish()
    }
}
