<?php
// What stands on the test site. Every name, place and sentence is invented.

/** Forty titles; each post's category is its number modulo five. */
const GAZETTE_TITLES = [
    'Ferry timetable for the winter months',
    'Seed library opens in the old fire station',
    'Deep water quay: the ninth round of questions',
    'Who answers the harbour telephone now',
    'Records moved to the new archive',
    'Links about the lighthouse museum',
    'Allotment rules, final version',
    'Snow clearing map withdrawn',
    'Nothing to say yet about the bus shelter',
    'Markup in forms: what we keep',
    'Eight answers in one second',
    'Tide gauge data for schools',
    'School meals: the menu in three languages',
    'Bridge painting starts on Tuesday',
    'Lost property office changes its hours',
    'Wind farm cable: map of the route',
    'Postal round of the outer skerries',
    'Council minutes, readable at last',
    'Choir room to let by the hour',
    'Dog licences can be paid by card',
    'Broadband for the western isle',
    'Sheep on the airfield: a report',
    'New chairs for the reading room',
    'Nurse on call at weekends',
    'Tax letters in plain words',
    'The swimming bath reopens',
    'Recycling: which bag is which',
    'Street names of the new quarter',
    'Peat cutting permits',
    'How the ice road is measured',
    'Grants for boat sheds',
    'Volunteers for the storm watch',
    'Library fines are gone',
    'Results of the well water survey',
    'A sign-in for all island services',
    'Firewood from the municipal forest',
    'Slipway closed for repairs',
    'Museum night programme',
    'Drone survey of the dunes',
    'First post of the new site',
];

const GAZETTE_CATEGORIES = ['Harbour', 'Culture', 'Roads', 'Health', 'Services'];

/** How many ordinary comments stand under a post that has no part of its own. */
const GAZETTE_COUNTS = [4, 0, 7, 2, 1, 11, 0, 3, 5, 1];

const GAZETTE_NAMES = [
    'Runa Falk', 'Oskar Vinter', 'Ilse &amp; Bram', '王小梅', 'Þórdís', 'Māra Ozola', "Nuala O&#039;Dea",
    'Jens-Peder', 'Αλεξία', 'Bo', 'Zofia Wrońska', 'Hafsa', 'Ole Skerry', 'A. N. Other', 'علي',
];

const GAZETTE_SENTENCES = [
    'The first boat still leaves before the shop opens.',
    'My neighbour counted them twice and came to another number.',
    'Could the map be had on paper, please?',
    'That was promised in spring as well.',
    'Thank you, this is the clearest page on the matter so far.',
    'I asked at the counter and was told the opposite.',
    'Nobody under thirty will read a notice board.',
    'In the third paragraph “quay” should be “slip”.',
    'The price went from 4 to 6 — that is half as much again.',
    'Our school did this for years without any form.',
    'Is it less than 5 & more than 2, or the other way round?',
    'Wait for the thaw and ask again.',
];

/** Counts comments up, so that no two say the same. */
final class GazetteSeed
{
    private int $next = 101;
    private int $now;

    public function __construct(private wpdb $db)
    {
        // Old enough that no comment of the seed counts as sent just now.
        $this->now = intdiv(time(), 3600) * 3600 - 86400;
        mt_srand(20260901);
    }

    /** Adds a post that was published so many hours ago; returns its number. */
    public function post(int $at, string $status = 'open'): int
    {
        $date = gmdate('Y-m-d H:i:s', $this->published($at));
        $title = GAZETTE_TITLES[$at];
        return wp_insert_post([
            'post_title' => $title,
            'post_content' => "<p>$title. The office of the isles has published what follows from it for the coming months.</p>\n"
                . '<p>Questions can be asked below, or at the counter on weekdays between nine and three.</p>',
            'post_status' => 'publish',
            'post_author' => 1,
            'post_date' => get_date_from_gmt($date),
            'post_date_gmt' => $date,
            'comment_status' => $status,
            'post_category' => [term_exists(GAZETTE_CATEGORIES[$at % 5], 'category')['term_id']],
        ], true);
    }

    /** Returns when a post was published: one every 33 hours. */
    private function published(int $at): int
    {
        return $this->now - (30 + 33 * $at) * 3600;
    }

    /** Returns a time as minutes from a post on. */
    public function minute(int $post, int $time): int
    {
        return intdiv($time - strtotime(get_post($post)->post_date_gmt . ' UTC'), 60);
    }

    /** Puts a row into the table as it is, past all filters; returns its number. */
    public function row(int $post, int $minute, string $text, int $parent = 0, array $more = []): int
    {
        $published = strtotime(get_post($post)->post_date_gmt . ' UTC');
        $date = gmdate('Y-m-d H:i:s', $published + 60 * $minute);
        $name = GAZETTE_NAMES[$this->next % count(GAZETTE_NAMES)];
        $this->db->insert($this->db->comments, $more + [
            'comment_ID' => $this->next,
            'comment_post_ID' => $post,
            'comment_author' => $name,
            'comment_author_email' => $name === 'Runa Falk' ? 'runa.falk@isles.example' : "reader{$this->next}@isles.example",
            'comment_author_url' => '',
            'comment_author_IP' => '192.0.2.' . (1 + $this->next % 250),
            'comment_date' => get_date_from_gmt($date),
            'comment_date_gmt' => $date,
            'comment_content' => $text,
            'comment_karma' => 0,
            'comment_approved' => '1',
            'comment_agent' => '',
            'comment_type' => 'comment',
            'comment_parent' => $parent,
            'user_id' => 0,
        ]);
        return $this->next++;
    }

    /** Returns a text that no other comment has. */
    public function text(): string
    {
        $text = GAZETTE_SENTENCES[mt_rand(0, count(GAZETTE_SENTENCES) - 1)];
        if (mt_rand(0, 2) === 0) {
            $text .= "\n\n" . GAZETTE_SENTENCES[mt_rand(0, count(GAZETTE_SENTENCES) - 1)];
        }
        return "$text (no. {$this->next})";
    }

    /** Adds so many comments in so many threads, answers no deeper than five. */
    public function talk(int $post, int $comments, int $threads, int $start = 20, int $step = 4): void
    {
        $depths = [];
        for ($at = 0; $at < $comments; $at++) {
            // Begin what is left of the threads evenly among the answers.
            $begun = count(array_keys($depths, 1, true));
            $begins = $begun === 0 || $begun < intdiv($threads * ($at + 1), $comments);
            $parent = 0;
            if (!$begins) {
                $open = array_keys(array_filter($depths, fn ($depth) => $depth < 5));
                $parent = $open[mt_rand(0, count($open) - 1)];
            }
            $id = $this->row($post, $start + $step * $at, $this->text(), $parent);
            $depths[$id] = $parent ? $depths[$parent] + 1 : 1;
        }
    }
}

/** Fills the site. */
function gazette_seed(): void
{
    global $wpdb;
    foreach (GAZETTE_CATEGORIES as $name) {
        wp_insert_term($name, 'category');
    }
    $seed = new GazetteSeed($wpdb);
    $posts = [];
    foreach (array_keys(GAZETTE_TITLES) as $at) {
        $posts[$at] = $seed->post($at, in_array($at, [6, 7], true) ? 'closed' : 'open');
    }

    // 300 comments in 147 threads: three pages of comments.
    $seed->talk($posts[0], 300, 147, 20, 2);
    // Held, spam and in the bin: nobody is to see them.
    foreach (['0', 'spam', 'trash'] as $state) {
        $seed->row($posts[0], 30, "Never shown ($state).", 0, ['comment_approved' => $state]);
        $seed->row($posts[1], 30, "Never shown either ($state).", 0, ['comment_approved' => $state]);
    }
    $seed->talk($posts[1], 24, 9);

    // Nine levels, as imports and sites that once allowed ten have them.
    $parent = 0;
    foreach (range(1, 9) as $level) {
        $parent = $seed->row($posts[2], 10 * $level, "Level $level of nine.", $parent);
        if ($level % 3 === 0) {
            $seed->row($posts[2], 10 * $level + 400, "A second answer, below level $level.", $parent);
        }
    }
    $seed->talk($posts[2], 12, 5, 500);
    // By the author of the post, and by an account that isn't.
    $answer = $seed->row($posts[2], 600, 'The office answers: in March.', $parent, ['user_id' => 1, 'comment_author' => 'editor', 'comment_author_email' => 'editor@isles.example']);
    $seed->row($posts[2], 610, 'And who decides?', $answer, ['user_id' => 2, 'comment_author' => 'Solveig Strand', 'comment_author_email' => 'solveig@isles.example']);

    // Answers to what is no longer shown, or never was here.
    foreach (['spam', 'trash', '0'] as $at => $state) {
        $hidden = $seed->row($posts[3], 30 + $at, "Hidden ($state).", 0, ['comment_approved' => $state]);
        $orphan = $seed->row($posts[3], 40 + $at, "An answer to a comment that is hidden ($state).", $hidden);
        $seed->row($posts[3], 50 + $at, "An answer to that answer ($state).", $orphan);
    }
    $seed->row($posts[3], 60, 'An answer to a comment under another post.', 101);
    $seed->row($posts[3], 61, 'An answer to a number that there never was.', 9999999);
    $later = $seed->row($posts[3], 90, 'Asked at ten.', 0);
    $seed->row($posts[3], 70, 'Answered before it was asked, as the clocks say.', $later);
    $seed->talk($posts[3], 15, 6, 100);

    // Imported past WordPress's filters.
    $raw = fn (string $text, array $more = []) => $seed->row($posts[4], 25, $text, 0, $more);
    $raw("A raw escape: \x1b[31mred\x1b[0m and \x1b]0;title\x07 done.", ['comment_author' => "Raw\x1b[2J Name"]);
    $raw("Bell \x07, back \x08, null-like \x01, delete \x7f.");
    $raw("C1 \u{9b}31m and \u{85} inside.");
    $raw("Turned \u{202e}around\u{202c} and \u{2066}isolated\u{2069}.", ['comment_author' => "Over\u{202e}ride"]);
    $raw("Tabs\tand\r\nreturns\rhere.");
    $raw('Already escaped: &lt;b&gt; and &amp;amp; stay text.');
    $raw(str_repeat('A word of forty thousand letters, nearly. ', 1000), ['comment_author' => str_repeat('Långt namn ', 20)]);
    $raw('Nobody wrote this.', ['comment_author' => '', 'comment_author_email' => '']);
    // No circle of answers: WordPress itself never comes to its end (get_page_of_comment).

    // Links from other pages: in the feed's count, in no thread.
    $ping = fn (int $at, string $type) => $seed->row($posts[5], 15 + $at, "[&#8230;] as the isles write [&#8230;]", 0, ['comment_type' => $type, 'comment_author' => "Blog no. $at", 'comment_author_url' => "https://blog$at.example/", 'comment_author_email' => '']);
    $ping(1, 'pingback');
    $ping(2, 'pingback');
    $ping(3, 'trackback');
    $seed->talk($posts[5], 33, 12);

    // Closed: one with comments (6), one without (7). Open, and nobody wrote (8).
    $seed->talk($posts[6], 4, 2);

    // What strangers try, as WordPress's filter leaves it.
    foreach ([
        '<script>alert(1)</script>Plain after a script.',
        '<b>Bold</b>, <em>leaning</em>, <code>$ code</code>, <del>gone</del>.',
        '<a href="javascript:alert(1)">A link that runs</a> and <a href="https://isles.example/?a=1&amp;b=2">one that leads</a>.',
        '<img src=x onerror=alert(1)>After a picture.',
        '<blockquote>Quoted words.</blockquote>And an answer to them.',
        'a < b, and no more.',
        'a < b & c > d, "quoted" and \'single\'.',
        '</li></ol></div>Closes what it did not open.',
        '<!-- a comment --><li id="comment-999">A false comment.</li>',
        '<b><i><em>Never closed.',
        '<style>*{display:none}</style>Styled.',
        '[caption]A shortcode[/caption] and [gallery].',
        'https://isles.example/' . str_repeat('long', 60) . ' is a long address.',
        '😀 👩‍👩‍👧 🇫🇮 combine e' . str_repeat("\u{301}", 30) . '.',
    ] as $at => $text) {
        $seed->row($posts[9], 20 + $at, wp_unslash(wp_filter_kses(wp_slash($text))));
    }

    // Of one second: the lower number stands first.
    foreach (range(1, 8) as $number) {
        $seed->row($posts[10], 33, "In one second, number $number.");
    }
    // In the night in which the site's clocks were put back: only UTC tells these apart.
    $seed->talk($posts[11], 10, 10);
    $change = strtotime('last sunday of october ' . (gmdate('Y') - 1) . ' 00:30 UTC');
    foreach ([0, 60, 30, 90] as $later) {
        $seed->row($posts[11], $seed->minute($posts[11], $change) + $later, "In the night, after $later minutes.");
    }

    foreach (range(12, 39) as $at) {
        $count = GAZETTE_COUNTS[$at % 10];
        $seed->talk($posts[$at], $count, intdiv($count + 1, 2));
    }
    foreach ($posts as $post) {
        wp_update_comment_count_now($post);
    }
}
