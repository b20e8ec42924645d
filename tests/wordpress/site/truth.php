<?php
// Prints the approved and the hidden comments of each published post, as `tests/wordpress/truth` says.
require __DIR__ . '/load.php';
require "$folder/site/wp-load.php";

/** Returns HTML as plain text: tags away, entities decoded once, blank space folded. */
function gazette_plain(string $html): string
{
    $text = preg_replace(['~<br ?/?>|</p>|</blockquote>~', '~</?[a-z!][^>]*>~i'], [' ', ''], $html);
    $text = html_entity_decode($text, ENT_QUOTES | ENT_HTML5, 'UTF-8');
    return trim(preg_replace('/\s+/u', ' ', $text));
}

/** Puts comments into the order of a thread, each with its depth. */
function gazette_thread(array $comments): array
{
    usort($comments, fn ($a, $b) => [$a->comment_date_gmt, (int) $a->comment_ID] <=> [$b->comment_date_gmt, (int) $b->comment_ID]);
    $known = array_column($comments, null, 'comment_ID');
    $below = [];
    $first = [];
    foreach ($comments as $comment) {
        if (isset($known[$comment->comment_parent])) {
            $below[$comment->comment_parent][] = $comment;
        } else {
            $first[] = $comment;
        }
    }
    $done = [];
    $walk = function ($comment, $depth) use (&$walk, &$below, &$done) {
        $done[] = [$comment, $depth];
        foreach ($below[$comment->comment_ID] ?? [] as $reply) {
            $walk($reply, $depth + 1);
        }
    };
    foreach ($first as $comment) {
        $walk($comment, 1);
    }
    return $done;
}

$posts = [];
foreach (get_posts(['numberposts' => -1, 'orderby' => 'date', 'order' => 'DESC']) as $post) {
    $comments = get_comments(['post_id' => $post->ID, 'status' => 'approve', 'type' => 'comment', 'orderby' => 'comment_ID', 'order' => 'ASC', 'hierarchical' => false]);
    $out = [];
    foreach (gazette_thread($comments) as [$comment, $depth]) {
        $html = apply_filters('comment_text', $comment->comment_content, $comment, []);
        $out[] = [
            'id' => (int) $comment->comment_ID,
            'parent' => (int) $comment->comment_parent,
            'depth' => $depth,
            'author' => html_entity_decode($comment->comment_author, ENT_QUOTES | ENT_HTML5, 'UTF-8'),
            'published' => str_replace(' ', 'T', $comment->comment_date_gmt) . 'Z',
            'html' => $html,
            'text' => gazette_plain($html),
            'url' => get_comment_link($comment),
        ];
    }
    $posts[] = [
        'id' => $post->ID,
        'slug' => $post->post_name,
        'link' => get_permalink($post),
        'title' => $post->post_title,
        'category' => get_the_category($post->ID)[0]->slug,
        'open' => $post->comment_status === 'open',
        'count' => (int) $post->comment_count,
        'comments' => $out,
        'hidden' => array_map(fn ($comment) => [
            'id' => (int) $comment->comment_ID,
            'parent' => (int) $comment->comment_parent,
            'author' => $comment->comment_author,
            'html' => $comment->comment_content,
            'state' => $comment->comment_approved === '0' ? 'held' : $comment->comment_approved,
        ], get_comments(['post_id' => $post->ID, 'status' => ['hold', 'spam', 'trash'], 'type' => 'comment', 'orderby' => 'comment_ID', 'order' => 'ASC'])),
    ];
}
echo json_encode($posts, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
