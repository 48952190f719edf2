//! The filter: contexts of the proxy-wasm ABI.

use std::rc::Rc;

use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, LogLevel};

use crate::{HEADERS, Model, is_json};

/// Address and length of an image among the module's data. Whoever embeds one adds a data segment with
/// the image, and one with these numbers here.
#[unsafe(no_mangle)]
pub static mut HEDGEROW_EMBEDDED: [u32; 2] = [0, 0];

fn embedded() -> &'static [u8] {
    // SAFETY: nothing in the module writes there; volatile, since the compiler may not know what stands
    // there in the end.
    let [address, length] = unsafe { core::ptr::read_volatile(&raw const HEDGEROW_EMBEDDED) };
    if length == 0 {
        return &[];
    }
    // SAFETY: who wrote these numbers put that many bytes there, which nothing else uses.
    unsafe { core::slice::from_raw_parts(address as *const u8, length as usize) }
}

proxy_wasm::main! {{
    proxy_wasm::set_root_context(|_| Box::new(Root { model: None }));
}}

struct Root {
    model: Option<Rc<Model>>,
}

impl Context for Root {}

impl RootContext for Root {
    /// A proxy does not take a filter whose model is damaged.
    fn on_vm_start(&mut self, _: usize) -> bool {
        self.model = Model::load(embedded())
            .map_err(|fault| proxy_wasm::hostcalls::log(LogLevel::Error, fault.text()))
            .ok()
            .map(Rc::new);
        self.model.is_some()
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        let model = self.model.clone()?;
        Some(Box::new(Request { model, waits: false }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

struct Request {
    model: Rc<Model>,
    /// The headers wait for a body of JSON. Once they have gone on, they cannot be read or set.
    waits: bool,
}

impl Context for Request {}

impl HttpContext for Request {
    fn on_http_request_headers(&mut self, _: usize, end_of_stream: bool) -> Action {
        for name in HEADERS {
            self.set_http_request_header(name, None);
        }
        let kind = self.get_http_request_header("content-type").unwrap_or_default();
        self.waits = !end_of_stream && is_json(&kind);
        self.action()
    }

    fn on_http_request_body(&mut self, size: usize, end_of_stream: bool) -> Action {
        if self.waits && end_of_stream {
            let body = self.get_http_request_body(0, size).unwrap_or_default();
            for (name, value) in self.model.headers(&body) {
                self.set_http_request_header(name, Some(&value));
            }
            self.waits = false;
        }
        self.action()
    }
}

impl Request {
    fn action(&self) -> Action {
        if self.waits { Action::Pause } else { Action::Continue }
    }
}
