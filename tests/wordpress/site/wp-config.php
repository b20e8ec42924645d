<?php
// The configuration of a throw-away WordPress. This file lies in FOLDER/site.
define('GAZETTE_FOLDER', dirname(__DIR__));
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . GAZETTE_FOLDER . '/run/db.sock');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', trim(file_get_contents(GAZETTE_FOLDER . '/url')));
define('WP_SITEURL', WP_HOME);
// Application Passwords without https are for local sites alone.
define('WP_ENVIRONMENT_TYPE', 'local');
// It asks nobody anything, and does nothing by itself.
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISABLE_WP_CRON', true);
define('WP_DEBUG', false);
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define($name . '_KEY', hash('sha256', "key $name " . GAZETTE_FOLDER));
    define($name . '_SALT', hash('sha256', "salt $name " . GAZETTE_FOLDER));
}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED & ~E_NOTICE & ~E_WARNING);
require_once ABSPATH . 'wp-settings.php';
