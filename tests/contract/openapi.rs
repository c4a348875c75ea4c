//! A contract as an `OpenAPI` file, and what is wrong with an exchange by it.

use serde_json::{Value, json};
use url::form_urlencoded;

use crate::recorder::Exchange;

pub(crate) struct Contract {
    file: Value,
    accept: &'static str,
    content_type: &'static str,
    /// What the sandbox puts before the documented paths.
    base: &'static str,
}

impl Contract {
    pub(crate) fn customer() -> Self {
        let text = include_str!("valora-customer.openapi.yaml");
        let file = serde_saphyr::from_str(text).unwrap();
        Self { file, accept: "application/json", content_type: "", base: "" }
    }

    /// The reads of the Payments API, which wants a content type of requests without a body.
    pub(crate) fn payments() -> Self {
        let text = include_str!("payments-reads.openapi.yaml");
        let file = serde_saphyr::from_str(text).unwrap();
        let (accept, content_type) = ("application/hal+json, */*;q=0.1", "application/json");
        Self { file, accept, content_type, base: "/payments-api" }
    }

    /// The documented paths.
    pub(crate) fn paths(&self) -> Vec<&str> {
        self.file["paths"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    /// The documented path of an exchange, and the values in its places.
    pub(crate) fn path_of<'a>(&self, exchange: &'a Exchange) -> Option<(&str, Vec<&'a str>)> {
        let asked = exchange.path.strip_prefix(self.base)?.split('/');
        let fits = |path: &&str| {
            let mut parts = path.split('/');
            asked
                .clone()
                .all(|own| parts.next().is_some_and(|part| part.starts_with('{') || part == own))
                && parts.next().is_none()
        };
        // A path without places comes before one that has them.
        let found = self.paths().into_iter().filter(fits);
        let path = found.min_by_key(|path| path.matches('{').count())?;
        let places = path.split('/').zip(asked).filter(|(part, _)| part.starts_with('{'));
        Some((path, places.map(|(_, own)| own).collect()))
    }

    /// What is wrong with an exchange; nothing for one that keeps the contract.
    pub(crate) fn faults(&self, exchange: &Exchange) -> Vec<String> {
        let Some((path, values)) = self.path_of(exchange) else {
            return vec!["the path is not documented".to_owned()];
        };
        let operation = &self.file["paths"][path][exchange.method.to_lowercase()];
        if operation.is_null() {
            return vec!["the method is not documented".to_owned()];
        }
        let mut faults = self.faults_of_headers(exchange);
        faults.extend(self.faults_of_parameters(operation, &exchange.query, &values));
        faults.extend(self.faults_of_answer(&operation["responses"], exchange));
        faults
    }

    fn faults_of_headers(&self, exchange: &Exchange) -> Vec<String> {
        let scheme =
            self.file["components"]["securitySchemes"].as_object().unwrap().values().next();
        let authorization = exchange.header("authorization");
        let is_right = match scheme.and_then(|scheme| scheme["scheme"].as_str()) {
            Some("bearer") => authorization.starts_with("Bearer "),
            _ => !authorization.is_empty() && !authorization.contains(' '),
        };
        let own = (exchange.header("accept"), exchange.header("content-type"));
        let mut faults = Vec::new();
        if !is_right {
            faults.push("the authorization is of another scheme".to_owned());
        }
        if own != (self.accept, self.content_type) {
            faults.push(format!("the headers of media types are {own:?}"));
        }
        faults
    }

    fn faults_of_parameters(&self, operation: &Value, query: &str, values: &[&str]) -> Vec<String> {
        let known = operation["parameters"].as_array().cloned().unwrap_or_default();
        let of = |place: &'static str| known.iter().filter(move |it| it["in"] == place).cloned();
        let mut faults = Vec::new();
        for (parameter, value) in of("path").zip(values) {
            faults.extend(self.faults_of_value(&parameter, value));
        }
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        for (at, (name, value)) in pairs.iter().enumerate() {
            match of("query").find(|parameter| parameter["name"] == **name) {
                None => faults.push(format!("the parameter {name} is not documented")),
                Some(parameter) => faults.extend(self.faults_of_value(&parameter, value)),
            }
            if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
                faults.push(format!("the parameter {name} comes twice"));
            }
        }
        for parameter in of("query").filter(|parameter| parameter["required"] == true) {
            if !pairs.iter().any(|(name, _)| parameter["name"] == **name) {
                faults.push(format!("the parameter {} is missing", parameter["name"]));
            }
        }
        faults
    }

    fn faults_of_value(&self, parameter: &Value, value: &str) -> Vec<String> {
        let kind = &parameter["schema"]["type"];
        let digits = value.strip_prefix('-').unwrap_or(value);
        let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // As JSON, `1.0` is an integer too; in a query it is not.
        let is_text = kind == "string" || kind == "integer" && !is_whole;
        let number = || serde_json::from_str(value).unwrap_or_else(|_text| json!(value));
        let value = if is_text { json!(value) } else { number() };
        let faults = self.faults_of_json(&parameter["schema"], &value).into_iter();
        faults.map(|fault| format!("{}: {fault}", parameter["name"])).collect()
    }

    /// An error that the file does not list for its path is a problem document, as all are.
    fn faults_of_answer(&self, responses: &Value, exchange: &Exchange) -> Vec<String> {
        let Exchange { status, content_type, body, .. } = exchange;
        let media = content_type.split(';').next().unwrap_or_default();
        let listed = &responses[status.to_string()];
        let schema = if !listed.is_null() {
            let reference = listed["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
            let answer = reference.map_or(listed, |at| self.file.pointer(at).unwrap());
            &answer["content"][media]["schema"]
        } else if *status >= 400 && media == "application/problem+json" {
            let content = responses["401"]["content"].as_object();
            &content.and_then(|content| content.values().next()).unwrap_or(&Value::Null)["schema"]
        } else {
            &Value::Null
        };
        if schema.is_null() {
            return vec![format!("a {status} of the type {media} is not documented")];
        }
        match serde_json::from_slice(body) {
            Ok(body) => self.faults_of_json(schema, &body),
            Err(error) => vec![format!("the body is not JSON: {error}")],
        }
    }

    fn faults_of_json(&self, schema: &Value, value: &Value) -> Vec<String> {
        // Where nothing fits, the first alternative is what was meant.
        let alternatives = schema["anyOf"].as_array();
        let schema = alternatives.map_or(schema, |all| {
            let fits = |one: &&Value| self.faults_of_json(one, value).is_empty();
            all.iter().find(fits).unwrap_or(&all[0])
        });
        let whole = json!({"allOf": [schema], "components": self.file["components"]});
        let options = jsonschema::options().should_validate_formats(true);
        let validator = options.build(&whole).unwrap();
        let faults = validator.iter_errors(value);
        faults.map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
    }
}

#[test]
fn a_whole_number_in_a_query_has_nothing_but_digits() {
    let contract = Contract::customer();
    let parameter = json!({"name": "page", "schema": {"type": "integer", "minimum": 1}});
    for (value, is_right) in
        [("1", true), ("250", true), ("1.0", false), ("1e2", false), ("0", false)]
    {
        assert_eq!(contract.faults_of_value(&parameter, value).is_empty(), is_right, "{value}");
    }
}
