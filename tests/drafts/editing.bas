Option Explicit
' LibreOffice as a leader at the keyboard: takes its steps from a file, one to a line with tabs
' between its parts, and leaves "ok" or what went wrong in another. See libreoffice_support.py.

Dim oDoc As Object, oFrame As Object, oView As Object, oHelper As Object
Dim nNotes As Integer, aNotes(200)

Sub Main
  Dim sFolder As String, oFiles As Object, oIn As Object, sLine As String, aStep
  Dim sSource As String, sTarget As String, bTrack As Boolean
  sFolder = Environ("REPORTKIT_EDITING")
  oFiles = createUnoService("com.sun.star.ucb.SimpleFileAccess")
  On Error Goto Failed
  oIn = createUnoService("com.sun.star.io.TextInputStream")
  oIn.setInputStream(oFiles.openFileRead(sFolder & "/steps.txt"))
  oIn.setEncoding("UTF-8")
  sSource = oIn.readLine()
  sTarget = oIn.readLine()
  bTrack = (oIn.readLine() = "track")
  oDoc = StarDesktop.loadComponentFromURL(sSource, "_blank", 0, Array(Named("Hidden", True)))
  oFrame = oDoc.CurrentController.Frame
  oView = oDoc.CurrentController.ViewCursor
  oHelper = createUnoService("com.sun.star.frame.DispatchHelper")
  oDoc.RecordChanges = bTrack
  Do While Not oIn.isEOF()
    sLine = oIn.readLine()
    If sLine <> "" Then
      aStep = Split(sLine, Chr(9))
      If aStep(0) = "comment" Then
        nNotes = nNotes + 1
        aNotes(nNotes) = aStep
      Else
        Take aStep
      End If
    End If
  Loop
  Store sTarget
  If nNotes > 0 Then AddNotes sTarget, bTrack
  Tell oFiles, sFolder, "ok"
  StarDesktop.terminate()
  Exit Sub
Failed:
  sLine = Error & " (line " & Erl & "): " & sLine
  On Error Resume Next
  Tell oFiles, sFolder, sLine
  oDoc.close(True)
  StarDesktop.terminate()
End Sub

Sub Tell(oFiles As Object, sFolder As String, sText As String)
  Dim oOut As Object
  oOut = createUnoService("com.sun.star.io.TextOutputStream")
  oOut.setOutputStream(oFiles.openFileWrite(sFolder & "/result.txt"))
  oOut.setEncoding("UTF-8")
  oOut.writeString(sText)
  oOut.closeOutput()
End Sub

Sub Store(sTarget As String)
  oDoc.storeToURL(sTarget, Array(Named("FilterName", "MS Word 2007 XML")))
  oDoc.close(True)
End Sub

' Comments go in last, and into a document without a window: a window would want to draw them,
' and without the files of its graphical surface (Debian's -nogui) LibreOffice ends at that.
Sub AddNotes(sTarget As String, bTrack As Boolean)
  Dim i As Integer, oPara As Object, oCursor As Object, oNote As Object
  Dim oNow As New com.sun.star.util.DateTime
  oNow.Year = Year(Now()) : oNow.Month = Month(Now()) : oNow.Day = Day(Now())
  oNow.Hours = Hour(Now()) : oNow.Minutes = Minute(Now()) : oNow.Seconds = Second(Now())
  oDoc = createUnoService("com.sun.star.text.TextDocument")
  oDoc.load(Array(Named("URL", sTarget), Named("FilterName", "MS Word 2007 XML")))
  oDoc.RecordChanges = False
  For i = 1 To nNotes
    oPara = Paragraph(aNotes(i)(1))
    oNote = oDoc.createInstance("com.sun.star.text.textfield.Annotation")
    oNote.Content = aNotes(i)(2)
    oNote.Author = aNotes(i)(3)
    oNote.DateTimeValue = oNow
    oCursor = oPara.Text.createTextCursorByRange(oPara.Start)
    oCursor.gotoRange(oPara.End, True)
    oPara.Text.insertTextContent(oCursor, oNote, True)
  Next
  oDoc.RecordChanges = bTrack
  Store sTarget
End Sub

' What a user does: select, type, delete, cut, paste, by the commands of menu and keyboard.
Sub Take(aStep)
  Dim oPara As Object
  If UBound(aStep) > 0 Then oPara = Paragraph(aStep(1))
  Select Case aStep(0)
  Case "replace"
    SelectPart oPara, aStep(2)
    TypeText aStep(3)
  Case "rewrite"
    SelectPart oPara, ""
    TypeText aStep(2)
  Case "delete"
    SelectWhole oPara
    Perform ".uno:Delete"
  Case "move"
    SelectWhole oPara
    Perform ".uno:Cut"
    oView.gotoRange(Behind(Paragraph(aStep(2))), False)
    Perform ".uno:Paste"
  Case "add"
    oView.gotoRange(oPara.End, False)
    Perform ".uno:InsertPara"
    TypeText aStep(2)
  Case "split"
    SelectPart oPara, aStep(2)
    oView.collapseToEnd()
    Perform ".uno:InsertPara"
  Case "join"
    oView.gotoRange(oPara.End, False)
    Perform ".uno:Delete"
  Case "accept"
    Perform ".uno:AcceptAllTrackedChanges"
  Case "reject"
    Perform ".uno:RejectAllTrackedChanges"
  End Select
End Sub

Sub Perform(sCommand As String)
  oHelper.executeDispatch(oFrame, sCommand, "", 0, Array())
End Sub

Sub TypeText(sText)
  oHelper.executeDispatch(oFrame, ".uno:InsertText", "", 0, Array(Named("Text", sText)))
End Sub

Sub SelectPart(oPara As Object, sPart)
  Dim nAt As Long, oCursor As Object
  oCursor = oPara.Text.createTextCursorByRange(oPara.Start)
  If sPart = "" Then
    oCursor.gotoRange(oPara.End, True)
  Else
    nAt = InStr(1, oPara.String, sPart, 0)
    If nAt = 0 Then Error 5
    oCursor.goRight(nAt - 1, False)
    oCursor.goRight(Len(sPart), True)
  End If
  oView.gotoRange(oCursor, False)
End Sub

' A paragraph with its end, up to the begin of the next one.
Sub SelectWhole(oPara As Object)
  oView.gotoRange(oPara.Start, False)
  oView.gotoRange(Behind(oPara), True)
End Sub

Function Behind(oPara As Object) As Object
  Dim oCursor As Object
  oCursor = oPara.Text.createTextCursorByRange(oPara.End)
  oCursor.gotoNextParagraph(False)
  Behind = oCursor.Start
End Function

Function Paragraph(sStart) As Object
  Dim oAll As Object, oCells As Object, oEach As Object, sName
  oAll = oDoc.Text.createEnumeration()
  Do While oAll.hasMoreElements()
    oEach = oAll.nextElement()
    If oEach.supportsService("com.sun.star.text.TextTable") Then
      For Each sName In oEach.CellNames
        oCells = oEach.getCellByName(sName).createEnumeration()
        Do While oCells.hasMoreElements()
          Paragraph = oCells.nextElement()
          If Left(Paragraph.String, Len(sStart)) = sStart Then Exit Function
        Loop
      Next
    ElseIf Left(oEach.String, Len(sStart)) = sStart Then
      Paragraph = oEach
      Exit Function
    End If
  Loop
  Error 5
End Function

Function Named(sName As String, oValue) As Object
  Dim oMade As New com.sun.star.beans.PropertyValue
  oMade.Name = sName
  oMade.Value = oValue
  Named = oMade
End Function
