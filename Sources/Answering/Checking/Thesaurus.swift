import LexicalSearch

/// English words of support pages that say the same, or the opposite.
///
/// A line is a group: the words left of `|` mean the same, those right of it the contrary. Written for Docket, by hand;
/// a word may stand in several groups.
struct Thesaurus: Sendable {
    /// A group that a word belongs to, and on which side.
    struct Sense: Sendable, Hashable {
        let group: Int
        let isContrary: Bool
    }

    private let senses: [String: [Sense]]
    static let shared = Thesaurus()

    private init() {
        var senses: [String: [Sense]] = [:]
        let analyser = Analyser()
        for (group, line) in Self.groups.split(separator: "\n").enumerated() {
            for (side, words) in line.split(separator: "|").enumerated() {
                let (functions, others) = words.split(separator: " ").map(String.init).divided(
                    by: FunctionWord.list.contains)
                for key in Set(functions + analyser.stems(of: others)) {
                    senses[key, default: []].append(Sense(group: group, isContrary: side > 0))
                }
            }
        }
        self.senses = senses
    }

    func senses(of stem: String) -> [Sense] { senses[stem] ?? [] }

    enum Relation { case same, contrary }

    private static let groups = """
        start begin launch open run boot|stop end halt finish terminate quit shut
        enable activate on|disable deactivate off
        allow permit accept grant may let able authorise|refuse deny reject forbid prevent prohibit block revoke decline
        increase raise grow enlarge climb rise larger higher|decrease lower reduce shrink fall drop smaller
        add insert append|remove delete drop
        create make generate build new write|delete remove destroy
        keep retain preserve remain stay hold|lose drop discard forget throw
        succeed work success|fail failure break broken
        before earlier ahead prior previous|after later afterwards following
        first begin start|last final end
        old older previous former earlier lower|new newer later higher recent latest
        up upwards|down downwards
        more over above exceed greater longer beyond|less fewer below under shorter
        maximum most max upper highest|minimum least min lower lowest
        at-least|at-most up-to
        all every each any everybody anyone both|none
        always constant permanent|never
        often frequent usually mostly typical usual most|seldom rarely
        with include including contain|without lack missing exclude
        respect obey honour|ignore disregard
        full exhausted|empty free
        valid correct right proper good|invalid wrong incorrect mistaken broken bad faulty mistake
        same equal identical|different other differ
        public external|private internal
        primary master|standby replica secondary slave
        inside within in|outside
        reachable|unreachable
        required mandatory need necessary must|optional unnecessary
        read|write
        encrypt|decrypt plain unencrypted
        lock|unlock release
        mount|unmount
        restore import|export dump
        upgrade|downgrade
        safe secure|unsafe insecure dangerous
        known|unknown
        visible show|hidden hide
        fast quick|slow
        long|short
        local|remote
        hard|soft
        hot warm|cold
        active busy|idle inactive
        manual hand|automatic automatically itself
        inbound incoming|outbound outgoing
        success|error failure
        synchronous|asynchronous
        left|right
        shared common|own separate personal
        whole complete entire full all|part partial half
        early soon|late
        top|bottom
        connect connection|disconnect
        attach|detach
        commit|rollback abort
        easy simple|difficult hard
        yes|no
        use apply employ run
        change alter modify edit switch turn set adjust replace
        show display print list tell say report give output name see state
        check test verify look examine inspect compare make find sure ensure study read
        find search look locate seek
        restart reload again anew once
        load read
        save store write keep record
        send transfer deliver upload push give
        get receive fetch obtain take
        let have make
        fix repair mend correct solve resolve
        set configure define give put specify change
        need require necessary must take want ask
        describe explain tell cover page see about read say
        cause reason why because lead since
        since from
        happen occur appear
        mean stand indicate tell sign
        folder directory
        machine computer host server
        delete remove erase drop clean rid
        wait queue
        copy duplicate
        try attempt retry
        limit restrict bound maximum threshold restriction
        default unless normally
        time duration period moment
        number count many value amount
        disk drive volume
        error message fault
        name call
        reply answer respond return response
        request ask demand call
        visit go
        decide decision determine choose pick select set
        continue go proceed keep still remain goes
        wrong mistake typo typing error
        several some few multiple many
        approve approval agree consent agreement
        permission right allow
        person people somebody someone anybody member staff somebody
        nobody no-one
        belong own owner
        place location put lie stand
        replace instead substitute swap exchange
        alone only single sole just one
        immediately once directly straight
        still yet remain
        quickly fast
        exist there present
        miss missing lack lacking absent
        expire pass passed over end due
        renew renewal
        large big huge
        small little low
        amount size
        space room
        memory ram
        process program
        reach connect access
        gone vanish disappear
        kill end terminate
        own ourselves itself themselves
        deliberate purpose intentional intentionally deliberately
        accident mistake accidentally accident
        carry do perform execute run
        happen go
        notice noticeable see
        announce tell inform
        inform tell notify
        customer client
        plan intend
        phone call telephone
        risk danger
        mandatory required
        sort order
        database db
        repeat again duplicate repeated
        permanent good definitely finally
        document record note write
        link connect lead point
        previous last former old
        current present force
        daily day
        monthly month
        depend rely
        trust believe
        result outcome end
        version release
        contain hold have include
        suffice enough sufficient
        possible can able
        impossible cannot
        compare comparison
        separate own different another
        another other different further second
        simply just merely
        example instance such like
        side end
        position place location
        free release
        attach join
        mark sign
        learn tell find know
        undo revert back restore return
        go move
        finish complete
        rid away
        tag label
        delay postpone pause
        attacker intruder break-in
        need reach
        stale old
        pair two both
        clean tidy
        fit match
        conflict clash
        gather collect
        split divide
        obtain acquire
        rank order
        mode state
        severe serious
        important relevant
        hint clue
        """
}

extension [String] {
    /// Those for which a claim holds, and the others.
    fileprivate func divided(by holds: (String) -> Bool) -> ([String], [String]) {
        (filter(holds), filter { !holds($0) })
    }
}
