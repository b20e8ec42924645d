<?php
// Loads the WordPress in a folder into PHP's command line.
if ($argc < 2 || !is_file($argv[1] . '/url')) {
    fwrite(STDERR, "no WordPress in " . ($argv[1] ?? 'no folder') . "\n");
    exit(1);
}
$folder = realpath($argv[1]);
$_SERVER['HTTP_HOST'] = preg_replace('~^http://~', '', trim(file_get_contents("$folder/url")));
$_SERVER['SERVER_NAME'] = '127.0.0.1';
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
