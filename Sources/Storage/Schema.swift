import GRDB

/// The tables, as append-only migrations: a released one is never edited.
///
/// A `document` row is one revision of a page. It is seen by the generations from `born` up to, not including, `died`,
/// and deleted when the generation after `died` is served, so that searches of the last generation can still end;
/// a removed page has `died` 0, so that no generation sees it, whichever is served. `page` is the `key` of the page's first
/// revision: what is removed or narrowed is found by it whatever id and path the page had when it was last served.
let schema: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: pages, chunks, embeddings, tickets, drafts") { db in
        try db.execute(sql: documentTables)
        try db.execute(sql: ticketTables)
    }
    migrator.registerMigration("2: what was named to be ingested") { db in
        try db.execute(sql: namedPartTable)
    }
    migrator.registerMigration("3: the file's mark") { db in
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    }
    migrator.registerMigration("4: pages of PDFs") { db in
        try db.execute(sql: "ALTER TABLE chunk ADD COLUMN page_number INTEGER")
    }
    migrator.registerMigration("5: texts of PDFs, removed pages") { db in
        try db.execute(sql: extractionTable)
    }
    migrator.registerMigration("6: seals of records") { db in
        try db.execute(sql: sealTable)
        for table in SealedTable.allCases { try Store.seal(table, where: "true", [], db) }
    }
    migrator.registerMigration("7: stamps of pages' files") { db in
        try db.execute(sql: pageStampTable)
    }
    migrator.registerMigration("8: folders of removed pages") { db in
        try db.execute(sql: "ALTER TABLE removed_page ADD COLUMN folder TEXT")
        try db.execute(sql: "ALTER TABLE removed_page ADD COLUMN audience TEXT")
        try Store.sealRemovals(db)
    }
    return migrator
}()

/// "dckt" in the header of the file says whose database it is
/// (<https://www.sqlite.org/fileformat.html#application_id>).
let applicationID = 0x6463_6B74

private let documentTables = """
    CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
    ) WITHOUT ROWID;
    INSERT INTO setting VALUES
        ('serving_generation', 0), ('change_count', 0), ('identity', abs(random() % 4294967296)),
        ('chunker_version', 0);

    CREATE TABLE model (
        id INTEGER PRIMARY KEY,
        fingerprint TEXT NOT NULL UNIQUE
    );
    CREATE TABLE generation (
        id INTEGER PRIMARY KEY,
        model_id INTEGER NOT NULL REFERENCES model,
        created_at TEXT NOT NULL,
        document_count INTEGER NOT NULL,
        chunk_count INTEGER NOT NULL
    );
    CREATE TABLE revision (
        hash TEXT PRIMARY KEY,
        bytes BLOB NOT NULL
    );
    CREATE TABLE document (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        page INTEGER NOT NULL,
        id TEXT NOT NULL,
        source TEXT NOT NULL,
        path TEXT NOT NULL,
        revision TEXT NOT NULL REFERENCES revision,
        title TEXT NOT NULL,
        audience TEXT NOT NULL,
        front_matter TEXT NOT NULL,
        born INTEGER NOT NULL,
        died INTEGER
    );
    CREATE UNIQUE INDEX document_current_id ON document (id) WHERE died IS NULL;
    CREATE UNIQUE INDEX document_current_path ON document (source, path) WHERE died IS NULL;
    CREATE INDEX document_page ON document (page);
    CREATE INDEX document_revision ON document (revision);

    CREATE TABLE chunk (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document_key INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        heading_path TEXT NOT NULL,
        anchor TEXT NOT NULL,
        range_start INTEGER NOT NULL,
        range_end INTEGER NOT NULL,
        search_text TEXT NOT NULL,
        text_hash BLOB NOT NULL
    );
    CREATE INDEX chunk_document ON chunk (document_key, ordinal);
    CREATE INDEX chunk_text_hash ON chunk (text_hash);

    CREATE TABLE embedding (
        model_id INTEGER NOT NULL REFERENCES model,
        text_hash BLOB NOT NULL,
        vector BLOB NOT NULL,
        PRIMARY KEY (model_id, text_hash)
    ) WITHOUT ROWID;
    """

/// What was ingested before is taken for named as a whole, as it was read then.
private let namedPartTable = """
    CREATE TABLE named_part (
        source TEXT NOT NULL,
        scope TEXT NOT NULL,
        PRIMARY KEY (source, scope)
    ) WITHOUT ROWID;
    INSERT INTO named_part SELECT DISTINCT source, '' FROM document WHERE died IS NULL;
    """

/// `extraction` says which text the bytes of a PDF have. A page of `removed_page` was removed by name: an
/// ingest passes over files with its id or its bytes; where it went with a `folder`, until one names the folder again. One
/// with an `audience` was not removed, but is withheld: it is for these readers now, by what was here before a backup was
/// restored, and nobody sees it until an ingest has read it.
private let extractionTable = """
    CREATE TABLE extraction (
        file_hash TEXT PRIMARY KEY,
        revision TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE removed_page (
        id TEXT PRIMARY KEY,
        revision TEXT NOT NULL
    ) WITHOUT ROWID;
    """

/// What a page's file was like when it was read, and the revision that it was then: a file that is like that still need not
/// be read again.
private let pageStampTable = """
    CREATE TABLE page_stamp (
        source TEXT NOT NULL,
        path TEXT NOT NULL,
        stamp TEXT NOT NULL,
        revision TEXT NOT NULL,
        PRIMARY KEY (source, path)
    ) WITHOUT ROWID;
    """

/// What a record said when it was written, of records that nothing else in the database can be compared with.
private let sealTable = """
    CREATE TABLE seal (
        record TEXT NOT NULL,
        key INTEGER NOT NULL,
        checksum BLOB NOT NULL,
        PRIMARY KEY (record, key)
    ) WITHOUT ROWID;
    """

private let ticketTables = """
    CREATE TABLE ticket (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        content TEXT NOT NULL
    );
    CREATE TABLE event (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        ticket_id TEXT NOT NULL REFERENCES ticket (id),
        at TEXT NOT NULL,
        name TEXT NOT NULL,
        draft_id INTEGER REFERENCES draft
    );
    CREATE INDEX event_ticket ON event (ticket_id, id);

    CREATE TABLE draft (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        ticket_id TEXT NOT NULL REFERENCES ticket (id),
        generation INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        content TEXT NOT NULL
    );
    CREATE INDEX draft_ticket ON draft (ticket_id, id);
    CREATE TABLE draft_citation (
        draft_id INTEGER NOT NULL REFERENCES draft ON DELETE CASCADE,
        revision TEXT NOT NULL REFERENCES revision,
        PRIMARY KEY (draft_id, revision)
    ) WITHOUT ROWID;
    CREATE INDEX draft_citation_revision ON draft_citation (revision);
    """
