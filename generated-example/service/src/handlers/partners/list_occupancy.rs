//! GET /occupancy

use crate::App;
use api::operations::list_occupancy::{Call, ListOccupancy, Reply};
use api::replies::Day;
use rusqlite::params;
use shield::Fault;

impl ListOccupancy for App {
    async fn list_occupancy(&self, call: Call) -> Result<Reply, Fault> {
        // Of the clinic that the key or the login names; without one there is nothing to see.
        let database = self.database();
        let mut query = database.prepare(
            "SELECT substr(a.starts_at, 1, 10) AS day, count(*) AS appointments
             FROM appointments a JOIN patients p ON p.id = a.patient
             WHERE p.tenant = ?1 AND a.status = 'booked' GROUP BY day ORDER BY day LIMIT 100",
        )?;
        let days = query.query_map(params![call.caller.tenant()], |row| {
            Ok(Day {
                day: row.get("day")?,
                appointments: row.get("appointments")?,
            })
        })?;
        Ok(Reply::Ok(days.collect::<Result<_, _>>()?))
    }
}
