#pragma once

#include <QDialog>
#include <QFormLayout>
#include <QLabel>

namespace vitreous {

/// Fields with labels at the top of a dialog that has a layout of its own and the window's spacing.
QFormLayout* prepareForm(QDialog& dialog, const QString& title);

/// Adds a field with its label, which is its name for screen readers too.
void addField(QFormLayout& form, const QString& label, QWidget* field);

/// A line or two below the fields, on what they mean.
QLabel* addHint(QDialog& dialog, const QString& text);

/// Buttons to go on to choose a file, or not.
void addExportButtons(QDialog& dialog);

} // namespace vitreous
