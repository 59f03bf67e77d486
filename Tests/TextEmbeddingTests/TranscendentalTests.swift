import Foundation
import Testing
import TextEmbedding

@Suite struct TranscendentalTests {
    @Test func theExponentialIsWithinItsRelativeError() {
        var worst = 0.0
        for step in -86_000...87_000 {
            let x = Float(step) / 1000
            worst = max(worst, abs(Double(exponential(x)) / exp(Double(x)) - 1))
        }
        #expect(worst < 2e-7)
    }

    @Test(arguments: [(-Float.infinity, 0 as Float), (-1000, 0), (0, 1)])
    func theExponentialIsClampedNotWild(x: Float, expected: Float) {
        #expect(abs(exponential(x) - expected) < 1e-37)
        #expect(exponential(1000).isFinite)
    }

    @Test func theErrorFunctionIsWithinItsAbsoluteError() {
        var worst = 0.0
        for step in -80_000...80_000 {
            let x = Float(step) / 10_000
            worst = max(worst, abs(Double(errorFunction(x)) - erf(Double(x))))
        }
        #expect(worst < 5e-7)
    }

    @Test func theErrorFunctionIsOddAndSaturates() {
        #expect(errorFunction(30) == 1)
        #expect(errorFunction(-30) == -1)
        #expect(errorFunction(-0.7) == -errorFunction(0.7))
    }
}
