import Foundation
import LinearAlgebra
import Testing

/// What `/proc/cpuinfo` says on several machines, shortened.
@Suite struct ProcessorFeaturesTests {
    @Test func anIntelProcessorIsReadFromItsFlags() {
        let features = ProcessorFeatures(information: emeraldRapids)
        #expect(features.modelName == "INTEL(R) XEON(R) PLATINUM 8581C CPU @ 2.30GHz")
        #expect(features.flags.count == 15)
        #expect(features.flags.contains("avx512_bf16"))
        #expect(!features.flags.contains("ept"), "the flags of virtual machines are others")
        #expect(
            features.vectorSets == ["AVX-512 BF16", "AVX-512 VNNI", "AVX-512", "AVX VNNI", "AVX2"], "best first")
    }

    @Test func anArmProcessorIsReadFromItsFeatures() {
        let features = ProcessorFeatures(information: graviton)
        #expect(features.modelName == "")
        #expect(features.flags == ["fp", "asimd", "aes", "asimddp", "sve"])
        #expect(features.vectorSets == ["NEON dot product", "NEON"])
    }

    @Test func onlyTheFirstProcessorIsRead() {
        let features = ProcessorFeatures(information: emeraldRapids + "\n\n" + zen2)
        #expect(features == ProcessorFeatures(information: emeraldRapids))
    }

    @Test(arguments: ["", "\n\n", "no colons here", ":", "::::\n\t:\t:", "flags:", "flags\t\t: \nmodel name\t: "])
    func whatSaysNothingGivesNothing(_ text: String) {
        let features = ProcessorFeatures(information: text)
        #expect(features.modelName == "" && features.flags == [] && features.vectorSets == [])
    }

    @Test(arguments: ["flags: avx2 fma", "flags\t\t:\tavx2  fma ", "x: y\nflags : fma avx2\n"])
    func spaceAroundNamesAndFlagsDoesNotMatter(_ text: String) {
        #expect(ProcessorFeatures(information: text).flags == ["avx2", "fma"])
    }

    @Test func aNameMayHaveColons() {
        #expect(ProcessorFeatures(information: "model name\t: A: B").modelName == "A: B")
    }
}

/// Which of OpenBLAS's kernels fit a processor, and which it must not be left with.
@Suite struct KernelChoiceTests {
    @Test(
        arguments: [
            (emeraldRapids, "Cooperlake"),
            (skylake, "SkylakeX"),
            (zen2, "Haswell"),
            ("flags: avx2 fma avx512f avx512cd avx512er avx512pf", "Haswell"),
            ("flags: avx2 fma avx512f avx512vl avx512bw", "Haswell"),
            ("flags: avx2 fma avx512_bf16 avx512f", "Haswell"),
            ("flags: avx2", nil),
            ("flags: avx fma", nil),
            ("flags: sse sse2 ssse3 sse4_1 sse4_2", nil),
            (graviton, nil),
            ("", nil),
        ] as [(String, String?)])
    func theBestKernelsAreThoseOfTheFlags(information: String, name: String?) {
        #expect(BLAS.bestKernelSet(for: ProcessorFeatures(information: information)) == name)
    }

    static let withoutAVX = [
        "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2", "Penryn", "Dunnington", "Nehalem",
        "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Nano", "Bobcat",
    ]

    @Test(arguments: withoutAVX) func kernelsWithoutAVXAreOutdatedWhereThereAreBetterOnes(_ name: String) {
        for information in [emeraldRapids, skylake, zen2] {
            let processor = ProcessorFeatures(information: information)
            for spelling in [name, name.lowercased(), name.uppercased()] {
                #expect(BLAS.isOutdated(spelling, on: processor))
            }
        }
        for information in ["flags: sse sse2 ssse3", graviton, ""] {
            #expect(!BLAS.isOutdated(name, on: ProcessorFeatures(information: information)))
        }
    }

    @Test(arguments: [
        "Sandybridge", "Bulldozer", "Piledriver", "Steamroller", "Excavator", "Haswell", "Zen", "SkylakeX",
        "Cooperlake", "SapphireRapids", "neoversen1", "Unknown", "",
    ])
    func otherKernelsAreLeftAlone(_ name: String) {
        for information in [emeraldRapids, skylake, zen2, graviton, ""] {
            #expect(!BLAS.isOutdated(name, on: ProcessorFeatures(information: information)))
        }
    }

    /// On the machine that runs this: whatever OpenBLAS took it for, products run on kernels that fit.
    @Test(.enabled(if: !kernelsAreForced, "OPENBLAS_CORETYPE is set"))
    func productsRunOnKernelsThatFit() throws {
        guard let chosen = BLAS.kernelSet else { return }
        #expect(!BLAS.isOutdated(chosen, on: .current))
    }

    @Test func aProductComputesOnTheThreadThatAsksForIt() {
        #expect(BLAS.threadCount == (BLAS.configuration == nil ? nil : 1))
    }
}

private let kernelsAreForced = ProcessInfo.processInfo.environment[BLAS.coreTypeVariable] != nil

private let emeraldRapids = """
    processor\t: 0
    vendor_id\t: GenuineIntel
    cpu family\t: 6
    model\t\t: 207
    model name\t: INTEL(R) XEON(R) PLATINUM 8581C CPU @ 2.30GHz
    flags\t\t: fpu sse sse2 ssse3 fma avx avx2 avx512f avx512dq avx512bw avx512vl avx_vnni avx512_bf16 avx512_vnni amx_tile
    vmx flags\t: vnmi ept vpid
    bugs\t\t: spectre_v1
    """

private let skylake = """
    processor\t: 0
    model name\t: Intel(R) Xeon(R) CPU @ 2.00GHz
    flags\t\t: fpu sse sse2 ssse3 fma avx avx2 avx512f avx512dq avx512cd avx512bw avx512vl
    """

private let zen2 = """
    processor\t: 0
    vendor_id\t: AuthenticAMD
    model name\t: AMD EPYC 7B12
    flags\t\t: fpu sse sse2 ssse3 fma avx avx2
    """

private let graviton = """
    processor\t: 0
    BogoMIPS\t: 243.75
    Features\t: fp asimd aes asimddp sve
    CPU implementer\t: 0x41

    processor\t: 1
    BogoMIPS\t: 243.75
    Features\t: fp
    """
