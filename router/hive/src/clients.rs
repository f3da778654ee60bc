//! How many unfinished requests, or connections, each client has.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};

use guards::Limits;

use crate::environment;

/// The address of a client that has none.
pub const UNKNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

pub struct Clients {
    /// 0 means as many as they like.
    most: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

impl Clients {
    pub fn new(most: usize) -> Self {
        Self { most, open: Mutex::default() }
    }

    /// How many unfinished requests one may have.
    ///
    /// # Errors
    /// When `ROUTER_CONNECTIONS_PER_CLIENT` is no number.
    pub fn most() -> Result<usize, String> {
        environment::number("ROUTER_CONNECTIONS_PER_CLIENT", Limits::committed().connections_per_client)
    }

    /// Lets a request of the client in, until what it returns is dropped; None when the client has too many already.
    pub fn admit(self: &Arc<Self>, client: IpAddr) -> Option<Admission> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(client).or_default();
        if self.most > 0 && *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Admission { clients: Arc::clone(self), client })
    }
}

pub struct Admission {
    clients: Arc<Clients>,
    client: IpAddr,
}

impl Drop for Admission {
    fn drop(&mut self) {
        let mut open = self.clients.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.client);
            }
        }
    }
}
