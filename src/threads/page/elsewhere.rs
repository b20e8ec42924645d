//! Services that show comments by scripts of their own: what their scripts and places are called.

use crate::html::Element;
use crate::threads::elements::classes;

/// A service, and how it is known.
struct Service {
    name: &'static str,
    /// Ids and classes of the place for its comments, or the element's name.
    places: &'static [&'static str],
    /// What addresses of its scripts, or the scripts themselves, hold.
    scripts: &'static [&'static str],
}

const SERVICES: [Service; 17] = [
    Service {
        name: "Disqus",
        places: &["disqus_thread"],
        scripts: &["disqus.com/embed.js", "disqus_shortname"],
    },
    Service {
        name: "Facebook",
        places: &["fb-comments", "fb:comments"],
        scripts: &[],
    },
    Service {
        name: "Coral",
        places: &["coral_thread", "coral_talk_stream", "coral-stream"],
        scripts: &["coral.createstreamembed", "coral.coralproject.net"],
    },
    Service {
        name: "Commento",
        places: &["commento"],
        scripts: &["commento.js"],
    },
    Service {
        name: "Comentario",
        places: &["comentario-comments"],
        scripts: &["comentario.js"],
    },
    Service {
        name: "giscus",
        places: &["giscus"],
        scripts: &["giscus.app/client.js"],
    },
    Service {
        name: "utterances",
        places: &["utterances"],
        scripts: &["utteranc.es/client.js"],
    },
    Service {
        name: "Hyvor Talk",
        places: &["hyvor-talk-comments", "hyvor-talk-view"],
        scripts: &["talk.hyvor.com/embed"],
    },
    Service {
        name: "Isso",
        places: &["isso-thread"],
        scripts: &[],
    },
    Service {
        name: "Remark42",
        places: &["remark42"],
        scripts: &["remark_config"],
    },
    Service {
        name: "Cusdis",
        places: &["cusdis_thread"],
        scripts: &["cusdis.es.js"],
    },
    Service {
        name: "OpenWeb",
        places: &[],
        scripts: &["launcher.spot.im"],
    },
    Service {
        name: "Viafoura",
        places: &["viafoura", "vf-conversations", "vf-comments"],
        scripts: &[],
    },
    Service {
        name: "IntenseDebate",
        places: &["idc-container", "idc-container-parent"],
        scripts: &["intensedebate.com/js"],
    },
    Service {
        name: "FastComments",
        places: &["fastcomments-widget"],
        scripts: &["fastcommentsui("],
    },
    Service {
        name: "Vuukle",
        places: &["vuukle-comments"],
        scripts: &[],
    },
    Service {
        name: "GraphComment",
        places: &["graphcomment"],
        scripts: &["graphcomment.com"],
    },
];

/// Returns the service that an element is the place of, or the script.
pub(super) fn of_element(element: &Element) -> Option<&'static str> {
    let source = match element.name() {
        "script" => element.attribute("src").and_then(of_script),
        _ => None,
    };
    let names = [element.name(), element.attribute("id").unwrap_or_default()];
    source.or_else(|| {
        (names.into_iter().chain(classes(element))).find_map(|name| {
            let service = SERVICES.iter().find(|known| known.places.contains(&name));
            service.map(|service| service.name)
        })
    })
}

/// Returns the service that a script, or its address, belongs to.
pub(super) fn of_script(script: &str) -> Option<&'static str> {
    let script = script.to_ascii_lowercase();
    let is_its = |service: &&Service| service.scripts.iter().any(|mark| script.contains(mark));
    SERVICES.iter().find(is_its).map(|service| service.name)
}
