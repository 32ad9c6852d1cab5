//! A drawing as text. Its colours are those of the reader's choice, light or dark, which a style sheet in it asks for.

use std::fmt::{Display, Write as _};

/// One colour a series, in light and in dark; told apart by people who do not see red and green alike.
const COLOURS: [(&str, &str); 9] = [
    ("#6b7280", "#9ca3af"),
    ("#4f7a1f", "#a3cf6b"),
    ("#8c564b", "#d9ab82"),
    ("#0072b2", "#56b4e9"),
    ("#d55e00", "#ff9a57"),
    ("#007a58", "#2fd6a3"),
    ("#111827", "#f3f4f6"),
    ("#b3478f", "#f0a6d0"),
    ("#a07800", "#f0d060"),
];

/// Where a text stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A drawing that is being made.
pub(crate) struct Drawing {
    width: f64,
    height: f64,
    body: String,
}

impl Drawing {
    /// Whose title is what a screen reader says.
    pub(crate) fn new(width: f64, height: f64, title: &str) -> Self {
        let mut drawing = Self { width, height, body: String::new() };
        let _ = writeln!(drawing.body, "<title>{}</title>", escape(title));
        let _ = writeln!(drawing.body, r#"<rect class="paper" width="{width:.0}" height="{height:.0}"/>"#);
        drawing.text(16.0, 24.0, Anchor::Start, "title", title);
        drawing
    }

    pub(crate) fn text(&mut self, x: f64, y: f64, anchor: Anchor, class: &str, text: impl Display) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escape(&text.to_string());
        let _ = writeln!(
            self.body,
            r#"<text class="{class}" x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{text}</text>"#
        );
    }

    /// From below to above, centred.
    pub(crate) fn text_upwards(&mut self, x: f64, y: f64, text: &str) {
        let text = escape(text);
        let _ = writeln!(
            self.body,
            r#"<text transform="translate({x:.1} {y:.1}) rotate(-90)" text-anchor="middle">{text}</text>"#
        );
    }

    pub(crate) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        let _ = writeln!(
            self.body,
            r#"<line class="{class}" x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}"/>"#
        );
    }

    pub(crate) fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let _ = writeln!(
            self.body,
            r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}"/>"#
        );
    }

    pub(crate) fn polyline(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(self.body, r#"<polyline class="{class}" points="{}"/>"#, points.join(" "));
    }

    pub(crate) fn dot(&mut self, class: &str, x: f64, y: f64, radius: f64) {
        let _ = writeln!(self.body, r#"<circle class="{class}" cx="{x:.1}" cy="{y:.1}" r="{radius:.1}"/>"#);
    }

    pub(crate) fn finish(self) -> String {
        let (width, height) = (self.width, self.height);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.0} {height:.0}\">\n<style>\n{}</style>\n{}</svg>\n",
            style(),
            self.body
        )
    }
}

/// The class of a series' fill, stroke and text.
pub(crate) fn series(number: usize) -> String {
    format!("s{}", number % COLOURS.len())
}

fn style() -> String {
    let mut style = String::from(
        "text { font: 12px sans-serif; fill: #1f2937 }\n.title { font: bold 15px sans-serif }\n\
         .paper { fill: #ffffff }\n.grid { stroke: #d1d5db }\n.fine { stroke: #eceef1 }\n\
         .median { stroke: #ffffff; stroke-width: 2 }\npolyline { stroke-width: 2 }\n",
    );
    let mut dark = String::from(
        "text { fill: #e5e7eb }\n.paper { fill: #0d1117 }\n.grid { stroke: #3b424c }\n.fine { stroke: #1d232b }\n\
         .median { stroke: #0d1117 }\n",
    );
    for (number, (on_light, on_dark)) in COLOURS.into_iter().enumerate() {
        for (sheet, colour) in [(&mut style, on_light), (&mut dark, on_dark)] {
            let name = series(number);
            let _ = writeln!(sheet, ".{name} {{ fill: {colour}; stroke: {colour} }}");
            let _ = writeln!(sheet, "polyline.{name} {{ fill: none }}\ntext.{name} {{ stroke: none }}");
        }
    }
    format!("{style}@media (prefers-color-scheme: dark) {{\n{dark}}}\n")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
