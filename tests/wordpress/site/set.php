<?php
// Turns a switch; `tests/wordpress/set` says which there are.
require __DIR__ . '/load.php';
require "$folder/site/wp-load.php";

$switches = [
    'rest' => ['open', 'closed', 'html'],
    'captcha' => ['off', 'on', 'sum'],
    'flood' => ['on', 'off'],
    'answer' => ['given', 'lost'],
];
$known = [
    'registration' => fn ($value) => update_option('comment_registration', ['off' => 0, 'on' => 1][$value]),
    'theme' => fn ($value) => switch_theme(['classic' => 'twentytwentyone', 'block' => 'twentytwentythree'][$value]),
    'permalinks' => function ($value) {
        global $wp_rewrite;
        $wp_rewrite->set_permalink_structure(['pretty' => '/%year%/%monthnum%/%postname%/', 'plain' => ''][$value]);
        // Made anew by the next request: this one began with the other structure.
        delete_option('rewrite_rules');
    },
];
[, , $name, $value, $last] = array_pad($argv, 5, '');
if (in_array($value, $switches[$name] ?? [], true)) {
    update_option("gazette_$name", $value);
} elseif ($name === 'approve' && get_comment((int) $value)) {
    wp_set_comment_status((int) $value, 'approve');
} elseif ($name === 'post-comments' && in_array($last, ['open', 'closed'], true)) {
    $post = get_page_by_path($value, OBJECT, 'post') ?: exit(fwrite(STDERR, "no post $value\n"));
    wp_update_post(['ID' => $post->ID, 'comment_status' => $last]);
} elseif (isset($known[$name])) {
    $known[$name]($value);
} else {
    fwrite(STDERR, "no switch $name $value\n");
    exit(1);
}
