//! Tables that fit the width of a page.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::page::unmarked;
use super::wrap::{columns, indented, longest_word, wrapped};

/// Columns between two columns.
const GAP: usize = 2;
/// Narrower than this no name and no text is made while there is another way.
const NAME: usize = 20;
/// Longer names break before bars are left out.
const LONG_NAME: usize = 26;
const TEXT: usize = 16;

/// A table.
#[derive(Debug)]
pub struct Grid {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, with a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// What stands above it; may be nothing.
    pub name: String,
    /// What its cells hold.
    pub holds: Holds,
}

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What a reader sees.
    pub(super) text: String,
    /// The value with all its digits, and its unit, for those who ask.
    pub exact: Option<(f64, &'static str)>,
}

impl Cell {
    /// A value that is shown in few digits.
    pub(super) fn value(text: String, exact: f64, unit: &'static str) -> Self {
        Self { text, exact: Some((exact, unit)) }
    }

    /// What a reader sees, without what makes it stand out on a terminal.
    #[must_use]
    pub fn plain(&self) -> String {
        unmarked(&self.text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, exact: None }
    }
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Names that say whose row it is: where the table is cut, they are said again.
    Names,
    /// Words.
    Text,
    /// Values, to the right; they are not broken.
    Values,
    /// Bars of characters: left out where there is no room, and in documents.
    Bars,
}

impl Column {
    fn new(name: &str, holds: Holds) -> Self {
        Self { name: name.to_owned(), holds }
    }

    /// Names.
    pub(super) fn names(name: &str) -> Self {
        Self::new(name, Holds::Names)
    }

    /// Words.
    pub(super) fn text(name: &str) -> Self {
        Self::new(name, Holds::Text)
    }

    /// Values.
    pub(super) fn values(name: &str) -> Self {
        Self::new(name, Holds::Values)
    }

    /// Bars.
    pub(super) fn bars(name: &str) -> Self {
        Self::new(name, Holds::Bars)
    }
}

impl Grid {
    /// A table of these columns.
    pub(super) fn of<C: Into<Cell>>(columns: Vec<Column>, rows: Vec<Vec<C>>) -> Self {
        let cells = |row: Vec<C>| row.into_iter().map(Into::into).collect();
        Self { columns, rows: rows.into_iter().map(cells).collect() }
    }

    /// As aligned text of at most so many columns. Names of columns break first, then texts and names, then the table is cut
    /// into several under each other.
    pub(super) fn text(&self, width: usize) -> String {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        if let Some(widths) = self.widths(&all, width, true) {
            return self.laid_out(&all, &widths);
        }
        let all: Vec<usize> = all.into_iter().filter(|c| self.holds(*c) != Holds::Bars).collect();
        if let Some(widths) = self.widths(&all, width, false) {
            return self.laid_out(&all, &widths);
        }
        let parts = self.parts(&all, width);
        let texts = parts.iter().map(|part| {
            let widths = self.widths(part, width, false).unwrap_or_else(|| self.squeezed(part, width));
            self.laid_out(part, &widths)
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    fn holds(&self, column: usize) -> Holds {
        self.columns.get(column).map_or(Holds::Text, |c| c.holds)
    }

    fn name(&self, column: usize) -> &str {
        self.columns.get(column).map_or("", |c| c.name.as_str())
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |row| row.get(column).map_or("", |cell| cell.text.as_str()))
    }

    /// Columns that this one takes if nothing is broken.
    fn natural(&self, column: usize) -> usize {
        self.cells(column).chain([self.name(column)]).map(columns).max().unwrap_or(0)
    }

    /// Columns that this one takes at least, as long as the table is not cut; `whole`: no cell is broken that is no long text.
    fn least(&self, column: usize, whole: bool) -> usize {
        let name = longest_word(self.name(column));
        let cells = self.cells(column).map(columns).max().unwrap_or(0);
        match self.holds(column) {
            Holds::Values | Holds::Bars => name.max(cells),
            Holds::Names => name.max(cells.min(if whole { LONG_NAME } else { NAME })),
            Holds::Text => name.max(cells.min(TEXT)),
        }
    }

    /// The width of each of these columns, if they fit: the names of columns of values break first, then all the others.
    fn widths(&self, of: &[usize], width: usize, whole: bool) -> Option<Vec<usize>> {
        let room = width.checked_sub(GAP * of.len().saturating_sub(1))?;
        let mut widths: Vec<usize> = of.iter().map(|c| self.natural(*c)).collect();
        let least: Vec<usize> = of.iter().map(|c| self.least(*c, whole)).collect();
        for values in [true, false] {
            while widths.iter().sum::<usize>() > room {
                let may = |place: &usize| {
                    let is_value = of.get(*place).is_some_and(|c| self.holds(*c) == Holds::Values);
                    is_value == values && widths.get(*place) > least.get(*place)
                };
                let widest = (0..widths.len()).filter(may).max_by_key(|place| widths.get(*place).copied());
                let Some(widest) = widest.and_then(|place| widths.get_mut(place)) else { break };
                *widest -= 1;
            }
        }
        (widths.iter().sum::<usize>() <= room).then_some(widths)
    }

    /// Columns of the tables that this one is cut into: the names, and as many of the others as fit.
    fn parts(&self, all: &[usize], width: usize) -> Vec<Vec<usize>> {
        let (names, others): (Vec<usize>, Vec<usize>) =
            all.iter().partition(|column| self.holds(**column) == Holds::Names);
        let mut parts = vec![names.clone()];
        for column in others {
            let with = |part: &Vec<usize>| part.iter().copied().chain([column]).collect::<Vec<_>>();
            match parts.last_mut() {
                Some(part) if part.len() == names.len() => part.push(column),
                Some(part) if self.widths(&with(part), width, false).is_some() => part.push(column),
                _ => parts.push(with(&names)),
            }
        }
        parts
    }

    /// Widths of columns that do not fit: each as wide as it needs to be, and the widest narrower, values too.
    fn squeezed(&self, of: &[usize], width: usize) -> Vec<usize> {
        let room = width.saturating_sub(GAP * of.len().saturating_sub(1));
        let mut widths: Vec<usize> = of.iter().map(|c| self.natural(*c)).collect();
        while widths.iter().sum::<usize>() > room {
            let widest = widths.iter_mut().max().filter(|widest| **widest > 1);
            let Some(widest) = widest else { break };
            *widest -= 1;
        }
        widths
    }

    /// The lines of a cell; where a name goes on, it stands further in.
    fn lines(&self, column: usize, cell: &str, width: usize) -> Vec<String> {
        if self.holds(column) != Holds::Names {
            return wrapped(cell, width);
        }
        indented(cell, (0, 2), width).lines().map(ToOwned::to_owned).collect()
    }

    fn laid_out(&self, of: &[usize], widths: &[usize]) -> String {
        let mut table = Table::new();
        table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        let row = |cell: &dyn Fn(usize) -> String| -> Vec<Vec<String>> {
            of.iter().zip(widths).map(|(column, width)| self.lines(*column, &cell(*column), *width)).collect()
        };
        let name = |(column, width): (&usize, &usize)| wrapped(self.name(*column), *width);
        let header: Vec<Vec<String>> = of.iter().zip(widths).map(name).collect();
        let height = header.iter().map(Vec::len).max().unwrap_or(0);
        if header.iter().flatten().any(|line| !line.is_empty()) {
            // Names stand on their columns.
            let low = |lines: &Vec<String>| "\n".repeat(height - lines.len()) + &lines.join("\n");
            table.set_header(header.iter().map(low));
        }
        for number in 0..self.rows.len() {
            let cell = |column: usize| self.cells(column).nth(number).unwrap_or_default().to_owned();
            table.add_row(row(&cell).iter().map(|lines| lines.join("\n")));
        }
        for (column, of) in table.column_iter_mut().zip(of) {
            column.set_padding((0, GAP as u16));
            if self.holds(*of) == Holds::Values {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.to_string().lines().map(|line| line.trim_end().to_owned() + "\n").collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let columns = vec![
            Column::names("component"),
            Column::bars(""),
            Column::values("mean down time"),
            Column::values("p99"),
            Column::text("mostly because of"),
        ];
        let row = |name: &str, down: &str| {
            [name, "███", down, "12.34 h", "a strike on the region"].map(str::to_owned).to_vec()
        };
        let rows = vec![row("me-central-1/az1/停电停电停电停电", "1.5 h ±0.2"), row("b", "15.52 min ±1.44")];
        Grid::of(columns, rows)
    }

    #[test]
    fn every_width_is_kept() {
        for width in 20..120 {
            let text = grid().text(width);
            for line in text.lines() {
                assert!(columns(line) <= width, "{width}: {line:?}\n{text}");
            }
            // However narrow, nothing is left out but the bars.
            for word in ["12.34 h", "15.52", "strike"] {
                assert!(text.contains(word), "{width}: {word}\n{text}");
            }
        }
    }

    #[test]
    fn narrow_tables_look_like_this() {
        let widths = [100, 80, 60, 44].map(|width| format!("-- {width}\n{}", grid().text(width)));
        insta::assert_snapshot!(widths.concat());
    }
}
