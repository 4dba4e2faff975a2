//! PostgreSQL's `COPY`, in its binary format, into a temporary table of the session's own: what stands there is
//! nobody else's, is not logged, and is gone with the transaction.

use sqlx::{AssertSqlSafe, Postgres, Transaction};

use super::{
    Result,
    bulk::{Cell, Column, Shape},
};

/// Bytes that are sent at once.
const PIECE: usize = 128 * 1024;
/// The documentation of COPY, "Binary Format": a signature, no flags, no header extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: [u8; 2] = (-1i16).to_be_bytes();
const NULL: [u8; 4] = (-1i32).to_be_bytes();

/// A shape's statements.
pub struct Texts {
    prepare: String,
    copy: String,
}

/// The temporary table for rows of a shape.
pub fn table(shape: &str) -> String {
    format!("pg_temp.given_{shape}")
}

impl Texts {
    fn of<T>(shape: &Shape<T>) -> Self {
        let table = table(shape.name);
        let column = |column: &Column<T>| {
            let kind = match column {
                Column::Text(..) => "TEXT",
                Column::Integer(..) => "BIGINT",
                Column::Bytes(..) => "BYTEA",
            };
            format!("{} {kind}", column.name())
        };
        let columns: Vec<_> = shape.columns.iter().map(column).collect();
        Self {
            // The table stays with the connection; the rows of an earlier set may still be there.
            prepare: format!(
                "CREATE TEMPORARY TABLE IF NOT EXISTS {} ({}) ON COMMIT DELETE ROWS; DELETE FROM {table}",
                table.trim_start_matches("pg_temp."),
                columns.join(", "),
            ),
            copy: format!("COPY {table} FROM STDIN (FORMAT BINARY)"),
        }
    }
}

/// Copies rows into their shape's table.
pub async fn rows<T: Sync>(
    tx: &mut Transaction<'static, Postgres>,
    shape: &'static Shape<T>,
    rows: &[T],
) -> Result<()> {
    let texts = shape.copying.get_or_init(|| Texts::of(shape));
    sqlx::raw_sql(AssertSqlSafe(texts.prepare.as_str())).execute(&mut **tx).await?;
    let mut copy = tx.copy_in_raw(&texts.copy).await?;
    let mut piece = Vec::with_capacity(PIECE + PIECE / 4);
    piece.extend_from_slice(HEADER);
    for row in rows {
        piece.extend_from_slice(&(shape.columns.len() as i16).to_be_bytes());
        shape.columns.iter().for_each(|column| put(&mut piece, column.cell(row)));
        if piece.len() >= PIECE {
            copy.send(piece.as_slice()).await?;
            piece.clear();
        }
    }
    piece.extend_from_slice(&TRAILER);
    copy.send(piece.as_slice()).await?;
    copy.finish().await?;
    Ok(())
}

fn put(piece: &mut Vec<u8>, cell: Cell<'_>) {
    match cell {
        // PostgreSQL's text has no NUL: as everywhere, U+FFFD stands for it.
        Cell::Text(Some(text)) if text.contains('\0') => {
            put_bytes(piece, text.replace('\0', "\u{FFFD}").as_bytes())
        }
        Cell::Text(Some(text)) => put_bytes(piece, text.as_bytes()),
        Cell::Integer(Some(number)) => put_bytes(piece, &number.to_be_bytes()),
        Cell::Bytes(Some(bytes)) => put_bytes(piece, bytes),
        Cell::Text(None) | Cell::Integer(None) | Cell::Bytes(None) => piece.extend_from_slice(&NULL),
    }
}

fn put_bytes(piece: &mut Vec<u8>, bytes: &[u8]) {
    // A field of more than two GiB is none of ours: files are capped far below.
    let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
    piece.extend_from_slice(&length.to_be_bytes());
    piece.extend_from_slice(&bytes[..length as usize]);
}
