//! A proxy between the program and www.gov.uk: whatever host is asked for, the answer comes from one
//! server of the test.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Starts a proxy that connects everyone to `server`; returns its address.
pub(super) fn start(server: SocketAddr) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || {
                let _ = connect(client, server);
            });
        }
    });
    address
}

fn connect(mut client: TcpStream, server: SocketAddr) -> io::Result<()> {
    let mut asked = Vec::new();
    let mut byte = [0];
    while !asked.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        asked.push(byte[0]);
    }
    assert!(asked.starts_with(b"CONNECT www.gov.uk:443 "));
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    let mut server = TcpStream::connect(server)?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    io::copy(&mut server, &mut client)?;
    Ok(())
}
