/// The words that corruptions put in each other's place.
enum CorruptionWords {
    static let units = [
        "s": "min", "seconds": "minutes", "second": "minute", "minutes": "hours", "minute": "hour", "hours": "days",
        "hour": "day", "days": "weeks", "day": "month", "weeks": "months", "week": "day", "months": "years",
        "month": "year", "years": "months", "ms": "s", "milliseconds": "seconds", "m": "h", "h": "d", "min": "s",
        "KB": "MB", "MB": "GB", "GB": "GiB", "GiB": "GB", "MiB": "MB", "TB": "GB", "bytes": "kilobytes", "MHz": "GHz",
        "megabytes": "gigabytes", "gigabytes": "megabytes", "k": "m", "percent": "seconds",
    ]

    static let auxiliaries: Set<String> = [
        "is", "are", "was", "were", "can", "could", "will", "would", "must", "should", "may", "does",
    ]

    static let imperatives: Set<String> = [
        "Run", "Start", "Stop", "Restart", "Reload", "Check", "Remove", "Delete", "Set", "Add", "Wait", "Ask", "Use",
        "Change", "Create", "Install", "Raise", "Lower", "Repeat", "Look", "Copy", "Open", "Tell", "Write", "Give",
        "Show", "Replace", "Find", "Put", "Test", "Keep", "Close", "Read", "List", "Enable", "Disable", "Move", "Edit",
        "Send", "Mount", "Grow", "Free", "Push", "Merge", "Drain", "Correct", "Compare", "Log", "Make", "Take",
    ]

    static let negations: [String: [String]] = [
        "not": [""], "never": ["always"], "no": ["a"], "without": ["with"], "cannot": ["can"],
        "nothing": ["everything"],
        "none": ["all"], "neither": ["both"], "nobody": ["everybody"], "unless": ["if"],
    ]

    static let modalities: [String: [String]] = [
        "must": ["may", "should", "can"], "should": ["must", "may"], "may": ["must"], "can": ["must", "should"],
        "need": ["may"], "needs": ["may"],
    ]

    static let restrictions: [String: [String]] = [
        "only": [""], "all": ["some", "no"], "every": ["no"], "each": ["no"], "always": ["sometimes"],
        "both": ["one of"],
        "any": ["no"], "alone": ["too"],
    ]

    static let contraries: [String: [String]] = {
        let pairs = """
            more less
            higher lower
            before after
            above below
            first last
            start stop
            starts stops
            enable disable
            enabled disabled
            increase decrease
            increases decreases
            raise lower
            raises lowers
            least most
            older newer
            earlier later
            minimum maximum
            smallest largest
            slow fast
            slower faster
            longer shorter
            inside outside
            allow refuse
            allowed refused
            allows refuses
            accepts rejects
            accepted rejected
            add remove
            adds removes
            added removed
            old new
            open closed
            succeeds fails
            succeeded failed
            read write
            reads writes
            primary standby
            client server
            public private
            upgrade downgrade
            lock unlock
            mounted unmounted
            valid invalid
            same different
            full empty
            local remote
            up down
            include exclude
            active inactive
            running stopped
            grows shrinks
            until before
            from to
            sends receives
            encrypted unencrypted
            source target
            fewer more
            needed unneeded
            possible impossible
            """
        var table: [String: [String]] = [:]
        for pair in pairs.split(separator: "\n").map({ $0.split(separator: " ").map(String.init) }) {
            table[pair[0], default: []].append(pair[1])
            table[pair[1], default: []].append(pair[0])
        }
        return table
    }()

    /// Common nouns of support pages, which say of whom something is said.
    static let nouns = Set(
        """
        server client primary standby replica table index database disk log file service user host node pod container \
        image cluster certificate key password account role connection session query transaction process kernel \
        directory folder volume partition zone record resolver name address port firewall proxy browser application \
        branch commit remote repository tag page error warning limit timeout backup copy customer engineer manager \
        team owner approval ticket package version release driver memory cache slot snapshot lock statement row column \
        servers clients replicas tables indexes databases disks logs files services users hosts nodes pods containers \
        images certificates keys passwords accounts roles connections sessions queries transactions processes records \
        resolvers names addresses ports branches commits errors limits backups copies customers versions
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// Between two things of a list.
    static let joints: Set<String> = ["and", "or", "nor", "between", "both", "as", "|", "/"]

    /// Between two things of which different things are said.
    static let directions: Set<String> = [
        "to", "from", "into", "in", "on", "of", "with", "by", "before", "after", "for", "at", "instead", "than", "is",
        "has", "uses", "sends", "gets", "needs", "replaces", "reads", "writes", "belongs", "gives", "shows", "when",
        "if",
        "that", "which", "does", "means", "sets", "through", "over", "under", "behind", "until", "without", "not",
    ]
}
