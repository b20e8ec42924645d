<?php
// What `tests/wordpress/set` turns. A must-use plugin: WordPress loads it by itself.

/** Returns how a switch stands. */
function gazette_switch(string $name, string $default): string
{
    return (string) get_option('gazette_' . $name, $default);
}

// Nobody gets mail from here.
if (!function_exists('wp_mail')) {
    function wp_mail(...$unused)
    {
        return true;
    }
}

add_filter('rest_authentication_errors', function ($errors) {
    switch (gazette_switch('rest', 'open')) {
        case 'closed':
            return new WP_Error('rest_not_logged_in', 'The interface is for accounts of this site.', ['status' => 401]);
        case 'html':
            status_header(403);
            header('Content-Type: text/html; charset=UTF-8');
            echo '<!DOCTYPE html><title>Blocked</title><h1>Request blocked</h1><p>Reference 4471.</p>';
            exit;
    }
    return $errors;
}, 99);

add_action('init', function () {
    if (gazette_switch('flood', 'on') === 'off') {
        remove_filter('comment_flood_filter', 'wp_throttle_comment_flood', 10);
    }
});

add_filter('comment_form_submit_field', function ($field) {
    switch (gazette_switch('captcha', 'off')) {
        case 'on':
            return '<div class="h-captcha" data-sitekey="10000000-ffff-ffff-ffff-000000000001"></div>'
                . '<script src="https://js.hcaptcha.com/1/api.js" async defer></script>' . $field;
        case 'sum':
            return '<p class="comment-form-captcha"><label for="captcha_sum">What is 3 + 4?</label> '
                . '<input id="captcha_sum" name="captcha_sum" type="text" required></p>' . $field;
    }
    return $field;
});

add_filter('preprocess_comment', function ($comment) {
    $captcha = gazette_switch('captcha', 'off');
    $passed = $captcha === 'sum'
        ? trim((string) ($_POST['captcha_sum'] ?? '')) === '7'
        : ($_POST['h-captcha-response'] ?? '') === 'passed';
    if ($captcha !== 'off' && !$passed && !defined('REST_REQUEST')) {
        wp_die('<p><strong>Error:</strong> Please show that you are a person.</p>', 'Captcha', ['response' => 403, 'back_link' => true]);
    }
    return $comment;
});

add_action('comment_post', function () {
    if (gazette_switch('answer', 'given') === 'lost') {
        header('X-Accel-Redirect: /lost-answer');
        exit;
    }
});
