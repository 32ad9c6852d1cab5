//! A self-contained HTML document: no script, nothing from anywhere else, everything in it escaped.

use wardkey_core::policy::config::Language;
use wardkey_core::printable::escaped;
use zeroize::Zeroizing;

/// Room for a whole sheet: a text that grows leaves copies of what it held behind.
const ROOM: usize = 256 * 1024;

/// Nothing is loaded, run or sent, no matter which program opens it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// On paper smaller than on a screen: with long texts, many codes and in French the page is still one.
const STYLE: &str = "@page{margin:12mm 15mm}\
body{font:10.5pt/1.3 sans-serif;color:#000;background:#fff;max-width:46em;margin:2em auto;padding:0 1em}\
h1{font-size:15pt;margin:0 0 .4em}h2{font-size:11.5pt;margin:.7em 0 .2em;clear:both}p{margin:.25em 0}p,li,tr,svg{break-inside:avoid}\
svg{float:right;width:44mm;height:44mm;margin:0 0 .3em 1em}table{border-collapse:collapse;max-width:32em}\
td,th{text-align:left;padding:.1em 1em .1em 0;vertical-align:top}\
.note{border:1.5pt solid #000;padding:.4em .7em;margin:.6em 0;clear:both}\
.key{font:bold 12pt/1.4 monospace}.codes{font:bold 12pt/1.6 monospace;columns:2;max-width:34em}.codes li{padding-left:.6em}\
@media print{body{font-size:9.5pt;line-height:1.25;margin:0;max-width:none;padding:0}}";

/// A document being written.
pub(super) struct Html(Zeroizing<String>);

impl Html {
    /// Begins a document.
    pub(super) fn new(language: Language, title: &str) -> Self {
        let language = match language {
            Language::English => "en",
            Language::French => "fr",
        };
        let mut html = Self(Zeroizing::new(String::with_capacity(ROOM)));
        html.raw(&format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<title>"
        ));
        html.text(title);
        html.raw(&format!("</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"));
        html
    }

    /// The page: a sheet is one, on A4 and on Letter.
    pub(super) fn page(&mut self, body: impl FnOnce(&mut Self)) {
        self.raw("<section>\n");
        body(self);
        self.raw("</section>\n");
    }

    /// One element around a text.
    pub(super) fn element(&mut self, tag: &'static str, text: &str) {
        self.classed(tag, "", text);
    }

    /// The same with a class.
    pub(super) fn classed(&mut self, tag: &'static str, class: &'static str, text: &str) {
        self.raw(&if class.is_empty() { format!("<{tag}>") } else { format!("<{tag} class=\"{class}\">") });
        self.text(text);
        self.raw(&format!("</{tag}>\n"));
    }

    /// A list of texts.
    pub(super) fn list<'a>(&mut self, class: &'static str, texts: impl Iterator<Item = &'a str>) {
        self.raw(&format!("<ol class=\"{class}\">\n"));
        texts.for_each(|text| self.element("li", text));
        self.raw("</ol>\n");
    }

    /// A table of rows with a heading each, or with a row of headings.
    pub(super) fn table(&mut self, rows: &[[&str; 2]], is_headed: bool) {
        self.raw("<table>\n");
        for (number, [left, right]) in rows.iter().enumerate() {
            self.raw("<tr>");
            let is_heading = is_headed && number == 0;
            self.element(if is_heading || !is_headed { "th" } else { "td" }, left);
            self.classed(if is_heading { "th" } else { "td" }, if is_headed { "" } else { "key" }, right);
            self.raw("</tr>\n");
        }
        self.raw("</table>\n");
    }

    /// Markup of our own.
    pub(super) fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// Anybody's text.
    fn text(&mut self, text: &str) {
        for c in Zeroizing::new(escaped(text)).chars() {
            match c {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                '\'' => self.raw("&#39;"),
                c => self.0.push(c),
            }
        }
    }

    /// Ends the document.
    pub(super) fn end(mut self) -> Zeroizing<String> {
        self.raw("</body>\n</html>\n");
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup_and_none_is_turned_around() {
        let mut html = Html::new(Language::English, "</title><script>");
        html.element("p", "a<b>&\"'\u{202e}");
        let whole = html.end();
        assert!(whole.contains("<title>&lt;/title&gt;&lt;script&gt;</title>"), "{}", *whole);
        assert!(whole.contains(r"<p>a&lt;b&gt;&amp;&quot;&#39;\u{202e}</p>"), "{}", *whole);
    }
}
