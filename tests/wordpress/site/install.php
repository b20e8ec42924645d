<?php
// Makes the tables of the WordPress in a folder, its accounts and its texts.
require __DIR__ . '/load.php';
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$database = new mysqli('localhost', 'root', '', '', 0, "$folder/run/db.sock");
$database->query('CREATE DATABASE wordpress CHARACTER SET utf8mb4');
$database->close();
mysqli_report(MYSQLI_REPORT_OFF);

define('WP_INSTALLING', true);
require "$folder/site/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

/** Stands in for WordPress's own: no sample post, page or comment. */
function wp_install_defaults($user)
{
    global $wpdb;
    $wpdb->insert($wpdb->terms, ['term_id' => 1, 'name' => 'Uncategorised', 'slug' => 'uncategorised', 'term_group' => 0]);
    $wpdb->insert($wpdb->term_taxonomy, ['term_id' => 1, 'taxonomy' => 'category', 'description' => '', 'parent' => 0, 'count' => 0]);
    update_option('default_category', 1);
}

wp_install('Northern Isles Gazette', 'editor', 'editor@isles.example', true, '', bin2hex(random_bytes(12)));
wp_cache_flush();
update_option('timezone_string', 'Europe/Helsinki');
update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
update_option('page_comments', 1);
update_option('comments_per_page', 50);
switch_theme('twentytwentyone');
$wp_rewrite->init();
create_initial_taxonomies();
flush_rewrite_rules(false);

$reader = wp_insert_user([
    'user_login' => 'solveig',
    'user_pass' => bin2hex(random_bytes(12)),
    'user_email' => 'solveig@isles.example',
    'display_name' => 'Solveig Strand',
    'role' => 'author',
]);
[$password] = WP_Application_Passwords::create_new_application_password($reader, ['name' => 'gazette']);
file_put_contents("$folder/user", "solveig\n");
file_put_contents("$folder/password", "$password\n");
chmod("$folder/password", 0600);

require __DIR__ . '/seed.php';
gazette_seed();
