import Foundation

extension BLAS {
    /// Makes OpenBLAS use the kernels of this processor where it chose much older ones; to be called before a product runs.
    ///
    /// An OpenBLAS knows the processors of its day by their model numbers: Debian 12's 0.3.21 takes an Emerald Rapids for
    /// a Prescott and runs sgemm at a fifth of the speed (32 against 147 GFLOP/s, one core). A choice made by the user
    /// through `OPENBLAS_CORETYPE` stands. Does nothing for another BLAS, or for one that already chose well.
    static func chooseKernels(
        for processor: ProcessorFeatures = .current, environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        guard environment[coreTypeVariable] == nil, let chosen = currentKernelSet, isOutdated(chosen, on: processor),
            let best = bestKernelSet(for: processor), let quit = function("gotoblas_dynamic_quit"),
            let start = function("gotoblas_dynamic_init")
        else { return }
        // OpenBLAS reads the variable whenever it chooses; choosing again needs the old choice dropped first.
        quit()
        unsafe setenv(coreTypeVariable, best, 1)
        start()
        unsafe unsetenv(coreTypeVariable)
    }

    /// The kernel set that fits a processor, by OpenBLAS's name; `nil` where its own choice is as good as any.
    package static func bestKernelSet(for processor: ProcessorFeatures) -> String? {
        let flags = processor.flags
        if flags.isSuperset(of: ["avx512_bf16", "avx512vl", "avx512bw", "avx512dq"]) { return "Cooperlake" }
        if flags.isSuperset(of: ["avx512f", "avx512vl", "avx512bw", "avx512dq"]) { return "SkylakeX" }
        return flags.isSuperset(of: ["avx2", "fma"]) ? "Haswell" : nil
    }

    /// Whether a kernel set knows nothing newer than SSE on a processor that does.
    package static func isOutdated(_ kernelSet: String, on processor: ProcessorFeatures) -> Bool {
        kernelSetsWithoutAVX.contains(kernelSet.lowercased()) && bestKernelSet(for: processor) != nil
    }

    /// OpenBLAS's names for processors that had no AVX, Intel's, AMD's and VIA's
    /// (<https://github.com/OpenMathLib/OpenBLAS/blob/v0.3.21/driver/others/dynamic.c>). Those that it does not know it
    /// takes for a Prescott; AMD's that seem to lack AVX, for a Barcelona.
    private static let kernelSetsWithoutAVX: Set<String> = [
        "katmai", "coppermine", "northwood", "prescott", "banias", "atom", "core2", "penryn", "dunnington", "nehalem",
        "athlon", "opteron", "opteron_sse3", "barcelona", "bobcat", "nano",
    ]

    package static let coreTypeVariable = "OPENBLAS_CORETYPE"

    private static func function(_ name: String) -> (@convention(c) () -> Void)? {
        guard let symbol = unsafe dlsym(nil, name) else { return nil }
        return unsafe unsafeBitCast(symbol, to: (@convention(c) () -> Void).self)
    }
}
