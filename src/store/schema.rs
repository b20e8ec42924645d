//! The tables, as an append-only list of migrations.
//!
//! `user_version` counts the migrations that were applied. A step that was once released never
//! changes; a new one goes to the end.

/// `PRAGMA application_id` of every Gazette database: "GAZE".
pub(crate) const APPLICATION_ID: i64 = 0x4741_5A45;

/// The steps from an empty file to the tables of today.
pub(crate) const MIGRATIONS: &[&str] = &[FIRST, PAGES, COMMENTS];

/// The tables whose rows go with their articles, each by its column `article_id`. What the reader
/// wrote is not among them: it goes by the reader's wish alone.
pub(crate) const OF_ARTICLES: [&str; 9] = [
    "marks",
    "spots",
    "tags",
    "bodies",
    "revisions",
    "pages",
    "visits",
    "comments",
    "threads",
];

/// The newest version of the tables that this program knows.
#[expect(clippy::cast_possible_wrap, reason = "a short list")]
pub(crate) const KNOWN_VERSION: i64 = MIGRATIONS.len() as i64;

/// Times are whole seconds since 1970 in UTC. Tables are ordinary ones, whose rows can be read even
/// where the rest of a file is damaged (see [`super::salvage`]).
///
/// - `feeds`: what is known of each feed, and counters, so that a count never scans.
/// - `articles`: heads only; a text in the row would slow every list. `sorted_at` is the date of
///   publication, or the first sight where that is absent or in the future.
/// - `shared`: the stories that stand, or once stood, on two articles or more: few of all. Triggers
///   keep it, so that no writer can forget it, and who asks looks no further where a story isn't in.
/// - `marks`: what the reader did; a row only where something is set. `read` is 0, 1 (by the
///   reader) or 2 (old when its feed was first polled); `read_hash` is the text that was read.
/// - `spots`: where the reader is in an article, where that isn't its beginning.
/// - `bodies`, `revisions`: texts, compressed.
/// - `pruned`: what was taken out and never comes back; `likeness` is a hash of guid, permalink and
///   title, for an article whose key changed meanwhile.
/// - `search`: the words, without the text. What goes in is folded text, where only blanks part
///   words, so the simplest tokenizer does. It is merged in steps of our own, since no commit may
///   take long for it; merging 16 small parts at once instead of 4 is a quarter less work. What it
///   lacks is told by `meta.indexed_through` and `reindex`, so that storing pays nothing for it.
const FIRST: &str = "
create table meta (name text primary key, value);
insert into meta values ('indexed_through', 0), ('saved', 0);

create table feeds (
    id integer primary key autoincrement,
    url text not null unique,
    polled_url text not null,
    title text,
    site text,
    etag blob,
    last_modified blob,
    validators_url text,
    pace text,
    body_hash integer,
    last_poll integer,
    last_good integer,
    next_poll integer,
    not_before integer,
    failures integer not null default 0,
    last_status integer,
    last_error text,
    gone integer not null default 0,
    last_news integer,
    articles integer not null default 0,
    unread integer not null default 0,
    starred integer not null default 0
);

create table articles (
    id integer primary key autoincrement,
    feed_id integer not null,
    key integer not null,
    sorted_at integer not null,
    story integer,
    content_hash integer not null,
    first_seen integer not null,
    published integer,
    updated integer,
    whole integer not null,
    comments_count integer,
    title text not null,
    guid text,
    permalink text,
    byline text,
    standfirst text not null,
    comments_page text,
    comments_feed text,
    enclosures text,
    base text
);
create unique index articles_by_key on articles (feed_id, key);
create index articles_by_date on articles (feed_id, sorted_at, id);
create index articles_by_story on articles (story, feed_id, sorted_at) where story is not null;
create index articles_by_first_sight on articles (first_seen, published);

create table shared (story integer primary key);
create trigger shared_at_insert after insert on articles when new.story is not null begin
    insert or ignore into shared select new.story
        where exists (select 1 from articles where story = new.story and id <> new.id);
end;
create trigger shared_at_update after update of story on articles
when new.story is not old.story and new.story is not null begin
    insert or ignore into shared select new.story
        where exists (select 1 from articles where story = new.story and id <> new.id);
end;

create table marks (
    article_id integer primary key,
    read integer not null default 0,
    read_hash integer,
    starred integer not null default 0
);
create index marks_starred on marks (read) where starred > 0;
create table spots (
    article_id integer primary key,
    block integer not null,
    offset integer not null
);
create table tags (article_id integer not null, tag text not null, primary key (article_id, tag));

create table bodies (article_id integer primary key, html blob not null);
create table revisions (
    id integer primary key,
    article_id integer not null,
    replaced_at integer not null,
    title text not null,
    html blob not null
);
create index revisions_by_article on revisions (article_id);
create table pruned (
    feed_id integer not null,
    key integer not null,
    likeness integer not null,
    primary key (feed_id, key)
);

create virtual table search using fts5 (
    title, body, content = '', contentless_delete = 1, tokenize = 'ascii'
);
insert into search (search, rank)
    values ('automerge', 0), ('crisismerge', 1999), ('usermerge', 16);
create table reindex (article_id integer primary key);
";

/// No column joins a table of before: rows in a damaged file are told apart by their shape.
///
/// - `pages`: what an article's own page told. `html` is the text that is shown instead of the
///   feed's, `words_hash` the hash of its words, both absent until a page was of use. `due` is 1
///   where the page is to be fetched again, 2 where that is so whatever the configuration says, as
///   the reader wants it or has an earlier one, not before `next_try`. An article's `content_hash` is
///   the sum of the feed's hash and `words_hash`.
/// - `visits`: when the reader last marked an article read, and, where its page changed since, the
///   date of the newest change note that the page had then; `before` is the last visit at which it
///   had another text.
/// - `hosts`: until when a host asked to be left alone.
/// - `health`: what had to be mended in the last document of a feed, as JSON.
const PAGES: &str = "
create table pages (
    article_id integer primary key,
    words_hash integer not null,
    due integer not null,
    next_try integer,
    failures integer not null,
    fetched integer,
    closes integer,
    withdrawn text,
    base text,
    facts text,
    html blob
);
create index articles_of_summaries on articles (feed_id) where whole = 0;
create index pages_due on pages (article_id) where due > 0;
create index pages_closing on pages (closes) where closes is not null;
create table visits (
    article_id integer primary key,
    at text not null,
    note integer,
    before text
);
create table hosts (host text primary key, not_before integer not null);
create table health (feed_id integer primary key, problems text not null);
";

/// - `comments`: what sites show below articles. `name` is the comment's name at its site.
/// - `threads`: what is known of an article's comments besides. `told` is what the feed counted when
///   they were `fetched`, so that another number tells of news; `counted` how many there were;
///   `visited` the reader's last visit. Not before `next_try` are they asked for unasked; `quiet` is
///   how often that brought nothing in a row. `facts` is JSON.
/// - `sites`: what is known of a site, named by its origin (RFC 6454), as JSON, and when the reader's
///   last comment went to it.
/// - `drafts`: the reader's own comments, from the first letter on. `state` is JSON; `lost` tells that
///   these words were sent, and that nobody knows whether they came.
const COMMENTS: &str = "
create table comments (
    article_id integer not null,
    name text not null,
    parent text,
    published integer,
    first_seen integer not null,
    by_author integer not null,
    author text not null,
    url text,
    html text not null,
    primary key (article_id, name)
);
create table threads (
    article_id integer primary key,
    fetched integer,
    told integer,
    counted integer,
    visited integer,
    next_try integer,
    quiet integer not null,
    facts text not null
);
create index threads_visited on threads (visited) where visited is not null;
create table sites (site text primary key, sent integer not null, facts text not null);
create table drafts (
    id integer primary key autoincrement,
    article_id integer not null,
    changed integer not null,
    reply_to text,
    name text not null,
    email text not null,
    body text not null,
    state text not null,
    lost integer not null
);
create index drafts_by_article on drafts (article_id);
";
