//! JSON objects in the order written, as in the API (`preserve_order` would also change exports).

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::Value;

#[derive(Clone, Debug, Default)]
pub(super) struct Object(pub(super) Vec<(Cow<'static, str>, Node)>);

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Node {
    Value(Value),
    Object(Object),
    List(Vec<Object>),
}

/// An [`Object`], written like `json!`.
macro_rules! object {
    ($($name:literal: $value:expr),* $(,)?) => {
        $crate::sandbox::json::Object(vec![$(($name.into(), $value.into())),*])
    };
}
pub(super) use object;

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, node)| (name, node)))
    }
}

impl<T: Into<Value>> From<T> for Node {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

impl From<Object> for Node {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}
